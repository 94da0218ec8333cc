import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRunIndex } from '../tracking/run-index.ts';
import { experimentOf, writeRun } from '../tracking/testing/write-run.ts';
import { createDashboard } from './create-dashboard.ts';

let app: FastifyInstance;
beforeAll(async () => {
  const root = mkdtempSync(join(tmpdir(), 'dashboard-'));
  const monitor = { metric: 'valCer', mode: 'min' };
  const folder = writeRun(root, 'sweep/a', {
    experiment: experimentOf(0.1),
    record: { monitor },
    epochs: [{ valCer: 0.4 }, { valCer: 0.2 }],
  });
  writeRun(root, 'sweep/b', { experiment: experimentOf(0.2), record: { monitor }, epochs: [{ valCer: 0.3 }] });
  writeFileSync(join(folder, 'curves.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  app = await createDashboard(await openRunIndex(root), undefined);
});
afterAll(() => app.close());

async function get(path: string, host = 'localhost:8100'): Promise<{ status: number; body: unknown }> {
  const { statusCode, body } = await app.inject({ url: `/api/${path}`, headers: { host } });
  return { status: statusCode, body: body.startsWith('{') || body.startsWith('[') ? JSON.parse(body) : body };
}

test('a page of the table: sorted, filtered, with the columns that were asked for', async () => {
  const path = `runs?where=${encodeURIComponent('valCer<0.5')}&column=valCer&column=seed&sort=valCer&descending=true&limit=1`;
  expect((await get(path)).body).toMatchObject({
    total: 2,
    selected: 2,
    rows: [{ id: 'sweep/b', state: 'stopped', values: [0.3, 1] }],
    metrics: ['valCer'],
  });
});

test('curves, differences, groups', async () => {
  expect((await get('series?id=sweep/a&name=epoch.valCer&name=step.loss')).body).toMatchObject({
    names: ['step.loss', 'epoch.valCer'],
    curves: {
      'epoch.valCer': { steps: [10, 20], values: [0.4, 0.2] },
      'step.loss': { steps: [10, 20], values: [0.1, 0.05] },
    },
  });
  expect((await get('compare?id=sweep/a&id=sweep/b')).body).toMatchObject({
    ids: ['sweep/a', 'sweep/b'],
    settings: [{ field: 'training.schedule.learningRate', values: [0.1, 0.2] }],
  });
  expect((await get('groups')).body).toEqual([
    {
      group: 'sweep',
      runs: 2,
      states: { running: 0, finished: 0, stopped: 2, failed: 0 },
      done: 0.5,
      metric: 'valCer',
      best: { id: 'sweep/a', value: 0.2 },
      bestSoFar: [0.3, 0.2],
    },
  ]);
});

test('shows drawings of a run, in a sandbox, and nothing else of the disk', async () => {
  const { headers } = await app.inject({ url: '/api/file?id=sweep/a&name=curves.svg', headers: { host: '127.0.0.1' } });
  expect(headers['content-type']).toBe('image/svg+xml');
  expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
  for (const name of [
    'secret.txt',
    '../a/curves.svg',
    'report-/../secret.txt',
    'predictions/../secret.txt',
    'report-missing.html',
  ]) {
    expect((await get(`file?id=sweep/a&name=${encodeURIComponent(name)}`)).status).toBe(404);
  }
  expect((await get('file?id=../sweep/a&name=curves.svg')).status).toBe(404);
});

test('faults of a request say what was wrong', async () => {
  expect(await get('runs?where=nonsense')).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining("'nonsense'") },
  });
  expect(await get('run?id=missing')).toMatchObject({
    status: 404,
    body: { error: expect.stringContaining("no run 'missing'") },
  });
  expect((await get('runs?limit=many')).status).toBe(400);
});

test('answers to the names of this machine only, whatever address a name elsewhere points to', async () => {
  for (const host of ['localhost', 'localhost:8100', '127.0.0.1:8100', '[::1]:8100'])
    expect((await get('groups', host)).status).toBe(200);
  for (const host of ['example.org', 'localhost.example.org', '127.0.0.1.example.org']) {
    expect((await get('groups', host)).status).toBe(403);
  }
});
