import { type ChildProcess, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { simulateRequests } from '../src/bench/monitoring/simulate-requests.ts';
import { startWebhook } from '../src/server/alarms/testing/webhook-server.ts';
import type { DashboardAnswer } from '../src/server/monitoring/dashboard-answer.ts';
import { makeReference } from '../src/server/monitoring/make-reference.ts';
import { formatReference } from '../src/server/monitoring/reference.ts';
import { formOf, sampleImage } from '../src/server/testing/run-server.ts';
import { servedUrl, startCli } from './support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'monitor-crash-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  if (hasDisk) spawnSync('umount', ['-l', disk]);
  rmSync(folder, { recursive: true });
});

const disk = join(folder, 'disk');
mkdirSync(disk);
/** A small disk can be had by root only, and not in every container. */
const hasDisk = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).status === 0;
if (!hasDisk) console.warn('Skipped: no small tmpfs can be mounted; a full disk is tried as root only.');
const MOST_LOST_MS = 10_000;

test('a service that is killed loses nothing that is older than ten seconds; its alarm arrives later, once', async () => {
  await writeReference(folder);
  const dead = await startWebhook();
  await dead.close();
  const first = await startService(folder, dead.url);
  // Nothing like the lines of the reference.
  for (let batch = 0; batch < 4; batch++) await first.read(32);
  const sentAt = Date.now();
  const [alarm] = (await first.dashboard()).alarms;
  expect(alarm).toMatchObject({ model: 'mlp', state: 'firing' });
  while (keptRequests(folder) < 128) {
    expect(Date.now() - sentAt).toBeLessThan(MOST_LOST_MS);
    await sleep(50);
  }
  await first.end('SIGKILL');

  const webhook = await startWebhook(undefined, dead.port);
  const second = await startService(folder, dead.url);
  const { models, alarms } = await second.dashboard();
  expect(models[0].report.requests).toBe(128);
  expect(alarms.map(({ id }) => id)).toEqual([alarm.id]);
  await webhook.received(1);
  await second.read(32);
  expect((await second.dashboard()).models[0].report.requests).toBe(160);
  await second.end('SIGTERM');
  expect(webhook.deliveries.map(({ alarm }) => [alarm.id, alarm.state])).toEqual([[alarm.id, 'firing']]);
  await webhook.close();
}, 120_000);

test.skipIf(!hasDisk)(
  'a service goes on while its disk is full and its webhook slow; both are made up for, the alarm once',
  async () => {
    await writeReference(disk);
    const webhook = await startWebhook((response, attempt) => {
      if (attempt > 1) response.writeHead(204).end();
      else setTimeout(() => response.writeHead(503).end(), 1500);
    });
    const service = await startService(disk, webhook.url);
    const filler = join(disk, 'filler');
    expect(() => {
      for (;;) appendFileSync(filler, Buffer.alloc(4096));
    }).toThrow(/ENOSPC/);
    for (let batch = 0; batch < 4; batch++) await service.read(32);
    const [firing] = (await service.dashboard()).alarms;
    await webhook.received(2);
    await sleep(MOST_LOST_MS / 2);
    // Read while nothing can be written.
    await service.read(32);
    expect(keptRequests(disk)).toBe(0);
    rmSync(filler);
    const since = Date.now();
    while (keptRequests(disk) < 160) {
      expect(Date.now() - since).toBeLessThan(MOST_LOST_MS);
      await sleep(50);
    }
    await service.end('SIGTERM');
    expect(await service.errors()).toContain('The statistics of the monitoring are not kept');
    // The first attempt failed.
    expect(webhook.deliveries.map(({ alarm }) => [alarm.id, alarm.state])).toEqual([
      [firing.id, 'firing'],
      [firing.id, 'firing'],
    ]);
    expect(new Set(webhook.deliveries.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    await webhook.close();
  },
  60_000,
);

/** Of requests that nobody sent, for the weights of the model that is served. */
async function writeReference(folder: string): Promise<void> {
  const manifest = fileURLToPath(new URL('../models/mlp/model.json', import.meta.url));
  const { file } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly file: { readonly sha256: string } };
  const measurements = simulateRequests(300, 1).map((measurement) => Object.assign(measurement, { model: 'mlp' }));
  const options = { modelSha256: file.sha256, description: 'simulated requests', samples: 100 };
  writeFileSync(join(folder, 'mlp.monitoring.json'), await formatReference(makeReference(measurements, options)));
}

function keptRequests(folder: string): number {
  try {
    const text = readFileSync(join(folder, 'state.json'), 'utf8');
    return (JSON.parse(text) as { readonly models: { readonly mlp: { readonly requests: number } } }).models.mlp
      .requests;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

async function startService(folder: string, webhook: string) {
  const options = ['--port', '0', '--model', 'mlp', '--workers', '1', '--log-level', 'silent'];
  const started = startCli(['serve', ...options, '--monitoring-folder', folder, '--alarm-webhook', webhook]);
  const { child } = started;
  children.push(child);
  const url = await servedUrl(started);
  return {
    async read(images: number): Promise<void> {
      const body = formOf(...Array.from({ length: images }, () => sampleImage('digit-2')));
      const { status } = await fetch(new URL('v1/predict/batch', url), { method: 'POST', body });
      expect(status).toBe(200);
    },
    async dashboard(): Promise<DashboardAnswer> {
      return (await (await fetch(new URL('v1/monitor', url))).json()) as DashboardAnswer;
    },
    errors: async (): Promise<string> => (await started.ending).stderr,
    async end(signal: NodeJS.Signals): Promise<void> {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}
