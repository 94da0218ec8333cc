import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashApiKey } from '../http/api-keys.ts';
import { formOf, type RunningServer, runServer, sampleDataUrl, sampleImage, json } from '../testing/run-server.ts';
import type { DashboardAnswer } from './dashboard-answer.ts';
import { startMetricsServer } from './metrics-server.ts';
import { Monitor } from './monitor.ts';

const key = 'a-key-of-this-test';
const headers = { 'x-api-key': key };
const log: string[] = [];
let waiting = 0;
const monitor = await Monitor.start([], { waiting: () => waiting });
let server: RunningServer;
beforeAll(async () => {
  server = await runServer(
    {
      watcher: monitor,
      metrics: monitor.registry,
      dashboard: () => monitor.dashboard(),
      apiKeyHashes: [hashApiKey(key)],
      logLevel: 'info',
      logStream: { write: (line) => void log.push(line) },
    },
    { models: ['character-cnn', 'line-recognizer'], measure: true },
  );
});
afterAll(() => server.close());

const line = readFileSync(new URL('../../../data/line-sample/your-merchandise.png', import.meta.url));

/** The value of a series as `/metrics` gives it. */
async function seriesOf(start: string): Promise<number | undefined> {
  const text = await monitor.registry.metrics();
  const found = text.split('\n').find((row) => row.startsWith(start));
  return found === undefined ? undefined : Number(found.split(' ').at(-1));
}

test('a line is counted, with its stages, signals and characters', async () => {
  const form = new FormData();
  form.append('image', new Blob([new Uint8Array(line)]), 'a-secret-name.png');
  const response = await fetch(`${server.url}/v1/predict?decoder=lm`, { method: 'POST', headers, body: form });
  expect(await response.json()).toMatchObject({ pred: 'your merchandise' });
  const label = 'model="line-recognizer"';
  expect(await seriesOf(`text_recognizer_readings_total{${label},decoder="lm",kind="line",outcome="read"}`)).toBe(1);
  expect(await seriesOf('text_recognizer_requests_total{route="/v1/predict",status="200"}')).toBe(1);
  expect(await seriesOf('text_recognizer_stage_duration_seconds_count{stage="compute"}')).toBe(1);
  // 15 letters in two words.
  expect(await seriesOf(`text_recognizer_characters_total{${label},class="lowercase"}`)).toBe(15);
  expect(await seriesOf(`text_recognizer_characters_total{${label},class="space"}`)).toBe(1);
  expect(await seriesOf(`text_recognizer_word_confidence_ratio_count{${label}}`)).toBe(2);
  expect(await seriesOf(`text_recognizer_reading_length_characters_sum{${label}}`)).toBe(17);
  expect(await seriesOf(`text_recognizer_picture_lines_sum{${label}}`)).toBe(1);
  expect(await seriesOf(`text_recognizer_picture_inverted_ratio_sum{${label}}`)).toBe(0);
  for (const signal of ['writing_slant_degrees', 'picture_x_height_pixels', 'reading_language_model_ratio']) {
    expect(await seriesOf(`text_recognizer_${signal}_count{${label}}`)).toBe(1);
  }
});

test('a character, an image that is none, and what waits are counted', async () => {
  const response = await fetch(`${server.url}/v1/predict/batch`, {
    method: 'POST',
    headers,
    body: formOf(sampleImage('digit-2'), sampleImage('digit-7')),
  });
  expect(response.status).toBe(200);
  expect(
    await seriesOf(
      'text_recognizer_readings_total{model="character-cnn",decoder="greedy",kind="character",outcome="read"}',
    ),
  ).toBe(2);
  const cut = new Uint8Array(line.subarray(0, 500));
  await fetch(`${server.url}/v1/predict`, { method: 'POST', headers, body: formOf(cut) });
  expect(
    await seriesOf('text_recognizer_readings_total{model="none",decoder="none",kind="none",outcome="INVALID_IMAGE"}'),
  ).toBe(1);
  waiting = 7;
  expect(await seriesOf('text_recognizer_queue_length_images')).toBe(7);
});

test('the metrics are behind the key, or on a port of their own', async () => {
  expect((await fetch(`${server.url}/metrics`)).status).toBe(401);
  const response = await fetch(`${server.url}/metrics`, { headers });
  expect(response.headers.get('content-type')).toContain('application/openmetrics-text');
  expect(await response.text()).toMatch(/# EOF\n?$/);
  const own = await startMetricsServer(monitor.registry, 0, '127.0.0.1');
  expect(await (await fetch(`http://127.0.0.1:${own.port}/metrics`)).text()).toMatch(/# EOF\n?$/);
  expect((await fetch(`http://127.0.0.1:${own.port}/v1/models`)).status).toBe(404);
  await own.close();
});

test('the log says model, confidence and times under the id of the request', async () => {
  const id = 'an-id-of-this-test';
  await fetch(`${server.url}/v1/predict`, {
    ...json({ image: sampleDataUrl('digit-2') }),
    headers: { ...headers, 'content-type': 'application/json', 'x-request-id': id },
  });
  const entries = log.map((text) => JSON.parse(text) as Record<string, unknown>).filter(({ reqId }) => reqId === id);
  expect(entries).toEqual([
    expect.objectContaining({ msg: 'read', model: 'character-cnn', kind: 'character', characters: 1, width: 28 }),
    expect.objectContaining({ msg: 'answered', status: 200 }),
  ]);
  expect(entries[0].confidence).toBeGreaterThan(0.5);
  expect(entries[0].computeMs).toBeGreaterThan(0);
});

test('neither texts, names of files, addresses nor pixels are in metrics or log', async () => {
  await fetch(`${server.url}/v1/predict?image_url=http://a-secret-host/`, { headers });
  await fetch(`${server.url}/v1/predict?model=a-secret-model`, {
    ...json({ image: sampleDataUrl('digit-2') }),
    headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'a-secret-agent' },
  });
  await fetch(`${server.url}/v1/models/x?token=a-secret-query`, { headers });
  const kept = `${await monitor.registry.metrics()}${log.join('')}`;
  // What the log is for is there, so that its absence is no reason for this test to pass.
  expect(kept).toContain('"model":"line-recognizer"');
  expect(kept).not.toMatch(/a-secret/);
  // But for the service's own, which it logs when it begins to listen.
  expect(log.filter((line) => !line.includes('listening')).join('')).not.toContain('127.0.0.1');
  expect(kept).not.toMatch(/merchandise|your/);
  expect(kept).not.toContain(key);
  expect(kept).not.toContain(sampleImage('digit-2').toString('base64').slice(40, 60));
});

test('the dashboard is behind the key, counts what was read, and has neither texts nor pixels nor addresses', async () => {
  expect((await fetch(`${server.url}/v1/monitor`)).status).toBe(401);
  const response = await fetch(`${server.url}/v1/monitor`, { headers });
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  const text = await response.text();
  const { requests, refused, models } = JSON.parse(text) as DashboardAnswer;
  const sum = (series: readonly (number | null)[]) => series.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  expect(sum(requests)).toBeGreaterThanOrEqual(4);
  expect(sum(refused)).toBeGreaterThanOrEqual(1);
  expect(models).toEqual([]);
  expect(text).not.toMatch(/a-secret|merchandise|127\.0\.0\.1/);
});
