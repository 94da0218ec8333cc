import { mkdtempSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { simulateRequests } from '../../bench/monitoring/simulate-requests.ts';
import type { Reading } from '../../reading/reading.ts';
import type { AlarmEvent } from './drift-report.ts';
import { makeReference } from './make-reference.ts';
import type { Measurement } from './measurement.ts';
import { Monitor, type MonitorOptions } from './monitor.ts';
import { ownReference } from './read-reference.ts';
import { formatReference } from './reference.ts';

const folder = mkdtempSync(join(tmpdir(), 'monitoring-'));
const sha256 = 'ab'.repeat(32);
const watched = { source: 'mlp', manifest: { name: 'simulated', file: { name: 'model.onnx', bytes: 1, sha256 } } };
beforeAll(async () => {
  const options = { modelSha256: sha256, description: 'simulated requests', samples: 100 };
  const data = makeReference(simulateRequests(300, 1), options);
  await writeFile(join(folder, ownReference('simulated')), await formatReference(data));
});
afterAll(() => rm(folder, { recursive: true }));

const start = (options: Partial<MonitorOptions> = {}) =>
  Monitor.start([watched], { waiting: () => 0, folder, ...options });
const timing = { queueMs: 0, decodeMs: 1, computeMs: 2, batchSize: 1 };

function send(monitor: Monitor, measurements: readonly Measurement[]): void {
  const reading = { text: 'a-secret' } as Reading;
  measurements.forEach((measurement, i) => monitor.read({ reading, timing, measurement }, `request-${i}`));
}

test('an alarm begins, is in the metrics, and goes on after a restart until it ends, once', async () => {
  const alarms: AlarmEvent[] = [];
  const first = await start();
  first.onAlarm((alarm) => alarms.push(alarm));
  send(first, simulateRequests(200, 2));
  send(first, simulateRequests(200, 3, { inverted: true }));
  expect(alarms.map(({ state, cause }) => [state, cause])).toEqual([['firing', 'inverted']]);
  const metrics = await first.registry.metrics();
  expect(metrics).toContain(
    'text_recognizer_drift_alarm_firing{model="simulated",severity="warning",cause="inverted"} 1',
  );
  expect(metrics).toMatch(
    /text_recognizer_drift_value\{model="simulated",signal="inverted",statistic="kolmogorov-smirnov"\} [\d.]+/,
  );
  expect(metrics).toMatch(/text_recognizer_expected_error_ratio\{model="simulated",bound="high"\} [\d.]+/);
  await first.close();

  const second = await start();
  second.onAlarm((alarm) => alarms.push(alarm));
  expect(second.reports()).toMatchObject([{ model: 'simulated', requests: 400, alarms: [{ id: alarms[0].id }] }]);
  send(second, simulateRequests(2000, 4));
  expect(alarms.map(({ id, state }) => [id, state])).toEqual([
    [alarms[0].id, 'firing'],
    [alarms[0].id, 'resolved'],
  ]);
  await second.close();
});

test('what is kept has neither texts nor more than the ids that an alarm names', async () => {
  const monitor = await start();
  send(monitor, simulateRequests(200, 5, { inverted: true }));
  await monitor.close();
  const kept = readFileSync(join(folder, 'state.json'), 'utf8');
  expect(kept).toContain('"cause":"inverted"');
  expect(kept).not.toContain('a-secret');
  const [{ alarms }] = monitor.reports();
  const dashboard = monitor.dashboard();
  expect(dashboard.alarms).toEqual(alarms);
  const [{ history, distributions }] = dashboard.models;
  const { readings, drift } = history;
  expect(readings.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(200);
  expect(drift.inverted!.at(-1)).toBeGreaterThan(1);
  // Of 64 bins from 0 to 1, 0 is in the first and 1 in the last; 200 of the latest 1,000 are inverted.
  expect([distributions.inverted!.reference[0], distributions.inverted!.current[63]]).toEqual([1, 0.2]);
  expect(JSON.stringify(dashboard)).not.toContain('a-secret');
  expect(kept.match(/request-\d+/g)).toEqual(alarms[0].requestIds);
});

test('a folder that cannot be written to, or a state that is none, is said; the service goes on or does not start', async () => {
  const warnings: string[] = [];
  const monitor = await start({ warn: (message) => warnings.push(message) });
  await rm(join(folder, 'state.json'));
  await mkdir(join(folder, 'state.json'));
  send(monitor, simulateRequests(30, 6));
  await monitor.close();
  expect(warnings).toEqual([expect.stringContaining('The statistics of the monitoring are not kept')]);
  await rm(join(folder, 'state.json'), { recursive: true });
  await writeFile(join(folder, 'state.json'), '{');
  await expect(start()).rejects.toMatchObject({ code: 'FILE_CORRUPT', message: expect.stringContaining('state.json') });
  await rm(join(folder, 'state.json'));
});

test('a model without a reference, or with one of other weights, is not compared, and the report says why', async () => {
  const warnings: string[] = [];
  const file = { ...watched.manifest.file, sha256: 'cd'.repeat(32) };
  const other = await Monitor.start(
    [
      { ...watched, manifest: { ...watched.manifest, file } },
      { source: 'mlp', manifest: { name: 'mlp', file } },
    ],
    { waiting: () => 0, folder, warn: (message) => warnings.push(message) },
  );
  expect(other.reports().map(({ unavailable }) => unavailable)).toEqual([
    expect.stringContaining('of other weights'),
    expect.stringContaining('there is no reference'),
  ]);
  expect(warnings).toHaveLength(1);
});

test('the first requests of a model become its reference, and the next are compared with it', async () => {
  const own = mkdtempSync(join(tmpdir(), 'monitoring-own-'));
  const options = { waiting: () => 0, folder: own, referenceRequests: 200 };
  const collecting = await Monitor.start([watched], options);
  send(collecting, simulateRequests(199, 7));
  expect(collecting.reports()[0].unavailable).toContain('there is no reference');
  send(collecting, simulateRequests(1, 8));
  await collecting.close();
  const file = readFileSync(join(own, ownReference('simulated')), 'utf8');
  expect(file).toContain('the first 200 requests of a service');
  const alarms: AlarmEvent[] = [];
  const compared = await Monitor.start([watched], options);
  compared.onAlarm((alarm) => alarms.push(alarm));
  send(compared, simulateRequests(300, 9));
  expect(alarms).toEqual([]);
  send(compared, simulateRequests(200, 10, { sharpness: 0.2 }));
  expect(alarms).toMatchObject([{ cause: 'blurred' }]);
  await compared.close();
  await rm(own, { recursive: true });
});
