import { expect, test } from 'vitest';
import { Random } from '../../random/random.ts';
import { DriftDetector } from './drift-detector.ts';
import type { AlarmEvent } from './drift-report.ts';
import { makeReference } from './make-reference.ts';
import type { Measurement } from './measurement.ts';
import { formatReference, parseReference, referenceOf } from './reference.ts';
import { type Disturbance, simulateRequests } from '../../bench/monitoring/simulate-requests.ts';

const data = makeReference(simulateRequests(1000, 1), {
  modelSha256: 'ab'.repeat(32),
  description: 'simulated requests',
  samples: 300,
  created: '2026-11-28T00:00:00.000Z',
});
const reference = referenceOf(data);
const ordinary = simulateRequests(1000, 2);

/** A detector at noon that has seen ordinary requests. */
function warmDetector(requests = 1500): DriftDetector {
  const detector = new DriftDetector(reference, { expectedRunTime: 250_000, now: () => Date.UTC(2026, 10, 28, 12) });
  send(detector, ordinary, requests, 3);
  return detector;
}

/** Sends so many requests drawn from a pool; the alarms that begin or end with them, each with how many there had been. */
function send(detector: DriftDetector, pool: readonly Measurement[], count: number, seed: number) {
  const random = Random.of(seed);
  const alarms: { readonly alarm: AlarmEvent; readonly after: number }[] = [];
  for (let i = 0; i < count; i++) {
    const alarm = detector.add(pool[random.below(pool.length)], `request-${i}`);
    if (alarm !== undefined) alarms.push({ alarm, after: i + 1 });
  }
  return alarms;
}

test.each<[string, Disturbance, number]>([
  ['inverted', { inverted: true }, 50],
  ['blurred', { sharpness: 0.3 }, 100],
  ['other-writers', { slant: 18 }, 200],
  ['other-language', { letters: 'aeiouaeiouzzqqxwwkky' }, 100],
])('%s requests are noticed, with a guess at the cause', (cause, disturbance, within) => {
  const detector = warmDetector();
  const [{ alarm, after }] = send(detector, simulateRequests(500, 4, disturbance), 1000, 5);
  expect(alarm).toMatchObject({ state: 'firing', model: 'simulated', cause, startsAt: '2026-11-28T12:00:00.000Z' });
  expect(after).toBeLessThanOrEqual(within);
  expect(alarm.evidence[0].value).toBeGreaterThan(alarm.evidence[0].threshold);
  expect(alarm.requestIds).toHaveLength(5);
});

test('readings that are expected to have more errors are critical, under the id that the alarm has', () => {
  const detector = warmDetector();
  const alarms = send(detector, simulateRequests(500, 6, { sharpness: 0.3, confidence: -1.5 }), 1000, 7);
  expect(alarms.at(-1)!.alarm).toMatchObject({ severity: 'critical', state: 'firing' });
  expect(new Set(alarms.map(({ alarm }) => alarm.id)).size).toBe(1);
  const { expectedErrors } = detector.report();
  expect(expectedErrors!.rate).toBeGreaterThan(2 * expectedErrors!.referenceRate);
});

test('an alarm ends when requests are ordinary again, once', () => {
  const detector = warmDetector();
  const [{ alarm }] = send(detector, simulateRequests(500, 8, { inverted: true }), 200, 9);
  const ended = send(detector, ordinary, 3000, 10);
  expect(ended.map(({ alarm }) => [alarm.id, alarm.state])).toEqual([[alarm.id, 'resolved']]);
  expect(ended[0].alarm.endsAt).toBe('2026-11-28T12:00:00.000Z');
  expect(detector.report().alarms).toEqual([]);
});

test('a shift of one half of a standard deviation in one signal is noticed within a thousand requests', () => {
  const [{ after }] = send(warmDetector(), simulateRequests(1000, 11, { slant: 14 }), 1000, 12);
  expect(after).toBeLessThanOrEqual(1000);
});

test('ordinary requests raise no alarm', () => {
  expect(send(warmDetector(0), ordinary, 20_000, 13)).toEqual([]);
});

test('a detector that is resumed goes on as if it had not stopped', () => {
  const [whole, stopped] = [warmDetector(), warmDetector()];
  const resumed = new DriftDetector(reference, { expectedRunTime: 250_000, now: () => Date.UTC(2026, 10, 28, 12) });
  resumed.resume(JSON.parse(JSON.stringify(stopped)));
  const blurred = simulateRequests(500, 14, { sharpness: 0.4 });
  const strip = (detector: DriftDetector) =>
    send(detector, blurred, 400, 15).map(({ alarm, after }) => [alarm.id, after]);
  expect(strip(resumed)).toEqual(strip(whole));
  expect(resumed.report().requests).toBe(1900);
});

test('a reference survives its file, and a changed one is refused', async () => {
  const text = await formatReference(data);
  const read = await parseReference(text, 'monitoring.json');
  expect(JSON.stringify(read.sketch)).toBe(JSON.stringify(reference.sketch));
  expect(text.length).toBeLessThan(20_000);
  await expect(parseReference(text.replace('simulated requests', 'others'), 'monitoring.json')).rejects.toMatchObject({
    code: 'CHECKSUM_MISMATCH',
  });
  await expect(parseReference('', 'monitoring.json')).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
  await expect(parseReference('{"format":1}', 'monitoring.json')).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
});

test('what a reference is made without is not compared', () => {
  const options = { modelSha256: 'ab'.repeat(32), description: 'simulated requests', samples: 20 };
  const { tails } = makeReference(simulateRequests(100, 1), { ...options, without: ['characters', 'embedding'] });
  expect(Object.keys(data.tails)).toEqual(expect.arrayContaining(['characters', 'embedding']));
  expect(Object.keys(tails).filter((signal) => signal === 'characters' || signal === 'embedding')).toEqual([]);
});

test('too few requests, or of several models, are no reference', () => {
  const options = { modelSha256: '', description: '' };
  expect(() => makeReference(simulateRequests(99, 1), options)).toThrow('at least 100 requests of one model');
  const mixed = [...ordinary, { ...ordinary[0], model: 'another' }];
  expect(() => makeReference(mixed, options)).toThrow('simulated, another');
});
