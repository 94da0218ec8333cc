import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  rmSync(folder, { recursive: true });
});

const MOST_LOST_MS = 10_000;

test('a service that is killed loses nothing that is older than ten seconds; its alarm arrives later, once', async () => {
  await writeReference();
  const dead = await startWebhook();
  await dead.close();
  const first = await startService(dead.url);
  // Nothing like the lines of the reference.
  for (let batch = 0; batch < 4; batch++) await first.read(32);
  const sentAt = Date.now();
  const [alarm] = (await first.dashboard()).alarms;
  expect(alarm).toMatchObject({ model: 'mlp', state: 'firing' });
  while (keptRequests() < 128) {
    expect(Date.now() - sentAt).toBeLessThan(MOST_LOST_MS);
    await sleep(50);
  }
  await first.end('SIGKILL');

  const webhook = await startWebhook(undefined, dead.port);
  const second = await startService(dead.url);
  const { models, alarms } = await second.dashboard();
  expect(models[0].report.requests).toBe(128);
  expect(alarms.map(({ id }) => id)).toEqual([alarm.id]);
  await webhook.received(1);
  await second.read(32);
  expect((await second.dashboard()).models[0].report.requests).toBe(160);
  await second.end('SIGTERM');
  expect(webhook.deliveries.map(({ alarm }) => [alarm.id, alarm.state])).toEqual([[alarm.id, 'firing']]);
  await webhook.close();
}, 60_000);

/** Of requests that nobody sent, for the weights of the model that is served. */
async function writeReference(): Promise<void> {
  const manifest = fileURLToPath(new URL('../models/mlp/model.json', import.meta.url));
  const { file } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly file: { readonly sha256: string } };
  const measurements = simulateRequests(300, 1).map((measurement) => Object.assign(measurement, { model: 'mlp' }));
  const options = { modelSha256: file.sha256, description: 'simulated requests', samples: 100 };
  writeFileSync(join(folder, 'mlp.monitoring.json'), await formatReference(makeReference(measurements, options)));
}

function keptRequests(): number {
  try {
    const text = readFileSync(join(folder, 'state.json'), 'utf8');
    return (JSON.parse(text) as { readonly models: { readonly mlp: { readonly requests: number } } }).models.mlp
      .requests;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

async function startService(webhook: string) {
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
    async end(signal: NodeJS.Signals): Promise<void> {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}
