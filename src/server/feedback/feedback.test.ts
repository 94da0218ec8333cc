import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportFeedback } from '../../cli/monitoring/export-feedback.ts';
import { TextRecognizerClient } from '../../client/text-recognizer-client.ts';
import { readLinePack } from '../../datasets/sources/line-pack.ts';
import { Monitor } from '../monitoring/monitor.ts';
import { json, type RunningServer, runServer } from '../testing/run-server.ts';
import { FeedbackStore } from './feedback-store.ts';
import { Feedback } from './feedback.ts';
import { RememberedReadings } from './remembered-readings.ts';
import { readKey, seal, unseal } from './sealed-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'feedback-'));
const kept = join(folder, 'kept');
const keyFile = join(folder, 'key');
writeFileSync(keyFile, `${'ab'.repeat(32)}\n`);
const line = readFileSync(new URL('../../../data/line-sample/your-merchandise.png', import.meta.url));
const log: string[] = [];
let server: RunningServer;
let feedback: Feedback;
let monitor: Monitor;
let client: TextRecognizerClient;
beforeAll(async () => {
  feedback = await Feedback.start({ folder: kept, keyFile });
  monitor = await Monitor.start([], { waiting: () => 0 });
  feedback.count(monitor.registry);
  const logStream = { write: (text: string) => void log.push(text) };
  server = await runServer(
    { feedback, watcher: monitor, logLevel: 'info', logStream },
    { models: ['line-recognizer'] },
  );
  client = new TextRecognizerClient(server.url);
});
afterAll(async () => {
  await server.close();
  feedback.close();
  await monitor.close();
  rmSync(folder, { recursive: true, force: true });
});

const files = () => readdirSync(kept);

test('a correction is kept with consent only, encrypted, and can be deleted', async () => {
  const first = await client.predict(new Uint8Array(line));
  expect(first.request_id).toMatch(/^[\da-f-]{36}$/);
  expect(await client.correct(first.request_id!, 'your a-secret-text')).toEqual({});
  expect(files()).toEqual([]);
  // It was corrected already, and is forgotten.
  await expect(client.correct(first.request_id!, 'x')).rejects.toMatchObject({
    status: 404,
    code: 'READING_NOT_FOUND',
  });

  const second = await client.read(new Uint8Array(line));
  const { id } = await client.correct(second.requestId!, 'your merchandises', { consent: true });
  expect(files()).toEqual([`${id}.feedback`]);
  const sealed = readFileSync(join(kept, files()[0]));
  for (const secret of ['merchandise', second.requestId!, 'PNG']) expect(sealed.includes(secret)).toBe(false);
  expect(sealed.includes(line.subarray(100, 140))).toBe(false);

  const key = await readKey(keyFile);
  const store = await FeedbackStore.open({ folder: kept, key });
  expect(await store.read(id!)).toMatchObject({
    text: 'your merchandises',
    model: 'line-recognizer',
    lines: [{ text: 'your merchandise' }],
  });
  expect(Buffer.from((await store.read(id!)).picture).equals(line)).toBe(true);

  const output = join(folder, 'pack');
  const summary = await exportFeedback({ folder: kept, key, output, licence: 'private' });
  // One letter of 17 is missing.
  expect(summary).toMatchObject({ lines: 1, leftOut: 0, errorRate: 1 / 17, wrongLines: 1 });
  const nowhere = join(folder, 'nowhere');
  await expect(exportFeedback({ folder: nowhere, key, output, licence: '' })).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
  });
  const { dataset, licence } = await readLinePack(output);
  expect([dataset.length, dataset.lines[0].text, dataset.height, licence]).toEqual([
    1,
    'your merchandises',
    64,
    'private',
  ]);

  await client.deleteCorrection(id!);
  expect(files()).toEqual([]);
  await expect(client.deleteCorrection(id!)).rejects.toMatchObject({ status: 404 });
});

test('true errors are counted beside the expected ones, and neither metrics nor log have texts', async () => {
  const metrics = await monitor.registry.metrics();
  const label = '{model="line-recognizer"}';
  expect(metrics).toContain(`text_recognizer_feedback_corrections_total${label} 2`);
  // `merchandise` to `a-secret-text` takes 12 edits, `merchandises` 1 more.
  expect(metrics).toContain(`text_recognizer_feedback_characters_total${label} 35`);
  expect(Number(/feedback_expected_edits_total\{.*\} (\S+)/.exec(metrics)![1])).toBeGreaterThan(0);
  expect(`${metrics}${log.join('')}`).not.toMatch(/a-secret|merchandise/);
});

test('several images of one request are not remembered, and odd requests are refused', async () => {
  const form = new FormData();
  for (let i = 0; i < 2; i++) form.append('images', new Blob([new Uint8Array(line)]), 'x.png');
  const batch = await fetch(`${server.url}/v1/predict/batch`, { method: 'POST', body: form });
  const id = batch.headers.get('x-request-id')!;
  await expect(client.correct(id, 'x', { consent: true })).rejects.toMatchObject({ code: 'READING_NOT_FOUND' });
  for (const body of [
    {},
    { request_id: id },
    { request_id: id, text: 'x', consent: 'yes' },
    [],
    { request_id: id, text: 'x', more: 1 },
  ]) {
    expect((await fetch(`${server.url}/v1/feedback`, json(body))).status).toBe(400);
  }
  expect((await fetch(`${server.url}/v1/feedback/..%2Fkey`, { method: 'DELETE' })).status).toBe(400);
});

test('without the switch nothing is kept, and there is no such route', async () => {
  const plain = await runServer({}, { models: ['mlp'] });
  const { headers } = await fetch(`${plain.url}/v1/predict`, {
    method: 'POST',
    body: line,
    headers: { 'content-type': 'image/png' },
  });
  const response = await fetch(
    `${plain.url}/v1/feedback`,
    json({ request_id: headers.get('x-request-id'), text: 'x', consent: true }),
  );
  expect(response.status).toBe(404);
  expect(files()).toEqual([]);
  await plain.close();
});

const correction = { requestId: 'r', model: 'm', time: '', text: 'a', width: 1, height: 1, lines: [] };

test('what is kept is bounded on disk and deleted after its days, also after a restart', async () => {
  const key = Buffer.alloc(32, 1);
  const options = { folder: join(folder, 'bounded'), key, maxBytes: 1500, days: 30 };
  const store = await FeedbackStore.open(options);
  const id = await store.add(correction, new Uint8Array(1000));
  await expect(store.add(correction, new Uint8Array(1000))).rejects.toMatchObject({ code: 'DISK_FULL' });
  expect(readdirSync(options.folder)).toEqual([`${id}.feedback`]);
  const day = 24 * 60 * 60;
  const now = Date.now() / 1000;
  utimesSync(join(options.folder, `${id}.feedback`), now, now - 29 * day);
  expect((await FeedbackStore.open(options)).files.size).toBe(1);
  utimesSync(join(options.folder, `${id}.feedback`), now, now - 31 * day);
  expect((await FeedbackStore.open(options)).files.size).toBe(0);
  expect(readdirSync(options.folder)).toEqual([]);
});

test('memory is bounded by bytes and by time', () => {
  let now = 0;
  const remembered = new RememberedReadings({ bytes: 100, ms: 1000, now: () => now });
  const reading = {} as Parameters<RememberedReadings['add']>[2];
  remembered.add('a', new Uint8Array(60), reading);
  remembered.add('b', new Uint8Array(60), reading);
  expect([remembered.get('a'), remembered.get('b')?.picture.length]).toEqual([undefined, 60]);
  now = 1000;
  expect(remembered.get('b')).toBeUndefined();
});

test('a file that was changed, renamed or sealed with another key is not opened', async () => {
  const key = await readKey(keyFile);
  const sealed = seal(Buffer.from('plain'), key, 'name');
  expect(unseal(sealed, key, 'name', 'x').toString()).toBe('plain');
  const changed = Buffer.from(sealed);
  changed[changed.length - 1] ^= 1;
  for (const open of [
    () => unseal(changed, key, 'name', 'x'),
    () => unseal(sealed, key, 'other', 'x'),
    () => unseal(sealed, Buffer.alloc(32), 'name', 'x'),
    () => unseal(Buffer.alloc(0), key, 'name', 'x'),
  ]) {
    expect(open).toThrow(expect.objectContaining({ code: 'FILE_CORRUPT' }));
  }
  writeFileSync(keyFile, 'too short');
  await expect(readKey(keyFile)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});
