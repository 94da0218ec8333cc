import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { AlarmEvent } from '../monitoring/drift-report.ts';
import { AlarmNotifier, type NotifierOptions, type SendOutcome } from './alarm-notifier.ts';
import { startWebhook, type WebhookServer } from './testing/webhook-server.ts';
import { sampleAlarm } from './testing/sample-alarm.ts';
import { webhookChannel } from './webhook-channel.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function webhook(...args: Parameters<typeof startWebhook>): Promise<WebhookServer> {
  const server = await startWebhook(...args);
  closing.push(() => server.close());
  return server;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'alarms-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function notifier(
  url: string,
  { timeoutMs = 30_000, ...options }: Partial<NotifierOptions> & { timeoutMs?: number } = {},
): Promise<AlarmNotifier> {
  const channels = [webhookChannel({ url, secret: 'a secret', timeoutMs })];
  const started = await AlarmNotifier.start({ channels, retryMs: 5, mostRetryMs: 20, ...options });
  closing.push(() => started.close());
  return started;
}

const firing = sampleAlarm();
const critical = sampleAlarm({ severity: 'critical' });
const resolved = sampleAlarm({ state: 'resolved', endsAt: '2026-11-28T13:00:00.000Z' });
const other = sampleAlarm({ id: 'another', model: 'character-cnn' });

const keysOf = (server: WebhookServer) => server.deliveries.map(({ headers }) => headers['idempotency-key']);

test('an alarm is posted when it begins, becomes critical and ends, each once, signed', async () => {
  const server = await webhook();
  const alarms = await notifier(server.url);
  for (const alarm of [firing, firing, critical, critical, firing, resolved, resolved]) alarms.tell(alarm);
  const [first] = await server.received(3);
  expect(keysOf(server)).toEqual([
    `${firing.id}:firing:warning`,
    `${firing.id}:firing:critical`,
    `${firing.id}:resolved`,
  ]);
  expect(first.alarm).toEqual(firing);
  const { 'x-text-recognizer-timestamp': timestamp, 'x-text-recognizer-signature': signature } = first.headers;
  expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60);
  expect(signature).toBe(
    `sha256=${createHmac('sha256', 'a secret')
      .update(`${String(timestamp)}.${first.body}`)
      .digest('hex')}`,
  );
  expect(JSON.parse(first.body)).toMatchObject({
    version: 1,
    title: '[warning] line-recognizer: the incoming handwriting is blurred',
    text: expect.stringContaining(
      '- sharpness: kolmogorov-smirnov 0.610 in 100 requests, threshold 0.310; mean 0.210, in the reference 0.520',
    ),
  });
});

test('what a receiver refuses, answers with a redirect or not in time is sent again, in order', async () => {
  const server = await webhook((response, attempt) => {
    if (attempt === 1) response.writeHead(503).end();
    else if (attempt === 2) response.writeHead(307, { location: '/elsewhere' }).end();
    // The third is never answered.
    else if (attempt > 3) response.writeHead(200).end();
  });
  const outcomes: SendOutcome[] = [];
  const alarms = await notifier(server.url, {
    timeoutMs: 3000,
    onOutcome: (_, outcome) => void outcomes.push(outcome),
  });
  alarms.tell(firing);
  alarms.tell(resolved);
  await server.received(5);
  await alarms.close();
  expect(server.deliveries.map(({ alarm }) => alarm.state)).toEqual([
    'firing',
    'firing',
    'firing',
    'firing',
    'resolved',
  ]);
  expect(new Set(keysOf(server).slice(0, 4)).size).toBe(1);
  expect(outcomes.slice(0, 4)).toEqual(['failed', 'failed', 'failed', 'sent']);
});

test('what a receiver calls malformed is given up at once, and the next is sent', async () => {
  const warnings: string[] = [];
  const server = await webhook((response, attempt) => response.writeHead(attempt === 1 ? 422 : 204).end());
  const alarms = await notifier(server.url, { warn: (message) => void warnings.push(message) });
  alarms.tell(firing);
  alarms.tell(other);
  await server.received(2);
  expect(server.deliveries.map(({ alarm }) => alarm.id)).toEqual([firing.id, 'another']);
  expect(warnings).toEqual([
    `The alarm ${firing.id}:firing:warning is given up for the webhook: it answered with status 422.`,
  ]);
});

test('an answer without an end holds up nothing', async () => {
  const server = await webhook((response) => response.writeHead(200).write('x'));
  const alarms = await notifier(server.url);
  alarms.tell(firing);
  alarms.tell(resolved);
  await server.received(2);
  expect(keysOf(server)).toHaveLength(2);
});

test('what waits survives kill -9, and is delivered once', async () => {
  const folder = temporaryFolder();
  const dead = await webhook();
  await dead.close();
  const child = fork(fileURLToPath(new URL('./testing/tell-and-wait.ts', import.meta.url)), [folder, dead.url], {
    execArgv: ['--import', import.meta.resolve('tsx')],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const server = await webhook(undefined, dead.port);
  const alarms = await notifier(server.url, { folder });
  // The monitoring goes on with the same alarm, and tells of it again.
  alarms.tell(firing);
  alarms.tell(resolved);
  await server.received(2);
  await alarms.close();
  const again = await notifier(server.url, { folder });
  again.tell(resolved);
  again.tell(other);
  await server.received(3);
  expect(keysOf(server)).toEqual([`${firing.id}:firing:warning`, `${firing.id}:resolved`, 'another:firing:warning']);
});

test('an alarm that begins anew after a restart, under another id, is not sent again', async () => {
  const folder = temporaryFolder();
  const server = await webhook();
  const before = await notifier(server.url, { folder });
  before.tell(firing);
  await server.received(1);
  await before.close();
  const after = await notifier(server.url, { folder });
  after.tell({ ...firing, id: 'anew' });
  after.tell({ ...resolved, id: 'anew' });
  await server.received(2);
  expect(keysOf(server)).toEqual([`${firing.id}:firing:warning`, `${firing.id}:resolved`]);
});

test('an alarm that a restart has lost counts as ended after a while', async () => {
  const folder = temporaryFolder();
  const server = await webhook();
  const before = await notifier(server.url, { folder });
  before.tell(firing);
  await server.received(1);
  await before.close();
  await notifier(server.url, { folder, settleMs: 0, lookMs: 5 });
  await server.received(2);
  expect(server.deliveries[1].alarm).toMatchObject({ id: firing.id, state: 'resolved' });
});

test('silences hold back what fits them until they end', async () => {
  const folder = temporaryFolder();
  const silence = (...silences: object[]): void =>
    writeFileSync(join(folder, 'silences.json'), JSON.stringify(silences));
  silence({ cause: 'blurred', model: 'line-recognizer', until: '2999-01-01T00:00:00Z', comment: 'the new camera' });
  const server = await webhook();
  const alarms = await notifier(server.url, { folder, lookMs: 5 });
  const ended = (alarm: AlarmEvent): AlarmEvent => ({ ...alarm, state: 'resolved' });
  alarms.tell(firing);
  alarms.tell(ended(firing));
  const second = { ...firing, id: 'second' };
  alarms.tell(second);
  alarms.tell(other);
  await server.received(1);
  expect(keysOf(server)).toEqual(['another:firing:warning']);
  silence({ cause: 'blurred', until: '2026-01-01T00:00:00Z' });
  await server.received(2);
  expect(keysOf(server)).toEqual(['another:firing:warning', 'second:firing:warning']);
});

test('a broken list of silences is refused at the start, and later silences nothing', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'silences.json'), '[{"cause":"blurred"}]');
  const server = await webhook();
  await expect(notifier(server.url, { folder })).rejects.toMatchObject({
    code: 'FILE_CORRUPT',
    message: expect.stringContaining('silences.json is no list of silences'),
  });
  rmSync(join(folder, 'silences.json'));
  const alarms = await notifier(server.url, { folder });
  writeFileSync(join(folder, 'silences.json'), 'nothing');
  alarms.tell(firing);
  await server.received(1);
});

test('a dead webhook costs bounded memory and disk', async () => {
  const folder = temporaryFolder();
  const dead = await webhook();
  await dead.close();
  const alarms = await notifier(dead.url, { folder, retryMs: 60_000 });
  for (let i = 0; i < 300; i++) {
    alarms.tell({ ...firing, id: `alarm-${i}` });
    alarms.tell({ ...resolved, id: `alarm-${i}` });
  }
  await alarms.close();
  expect(alarms.waiting('webhook')).toBe(200);
  expect(readFileSync(join(folder, 'outbox.json')).length).toBeLessThan(400_000);
});

test('a full disk keeps no alarm from being sent', async () => {
  const folder = join(temporaryFolder(), 'later-a-file');
  const warnings: string[] = [];
  const server = await webhook();
  const channels = [webhookChannel({ url: server.url })];
  const alarms = await AlarmNotifier.start({ channels, folder, warn: (message) => void warnings.push(message) });
  closing.push(() => alarms.close());
  // Nothing can be written there, as on a full disk.
  writeFileSync(folder, '');
  alarms.tell(firing);
  const [{ headers }] = await server.received(1);
  expect(warnings).toContainEqual(expect.stringMatching(/^Alarms that wait are not kept: .*cannot be written/));
  // Without a secret there is no signature.
  expect(headers).not.toHaveProperty('x-text-recognizer-signature');
});

test('an outbox that is none is refused', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'outbox.json'), '{}');
  await expect(notifier('http://127.0.0.1:9/', { folder })).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
});
