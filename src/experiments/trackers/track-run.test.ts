import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { experimentOf, writeRun } from '../tracking/testing/write-run.ts';
import { freePort } from '../../../tests/support/free-port.ts';
import { readTrackerState } from './tracker-state.ts';
import { trackRun } from './track-run.ts';

afterEach(() => vi.unstubAllEnvs());

function aRun(): string {
  return writeRun(mkdtempSync(join(tmpdir(), 'track-run-')), 'first', { experiment: experimentOf(0.01), record: {} });
}

test(
  'a tracker that is down is told of at the end, and noted for later; the others get theirs',
  { timeout: 30_000 },
  async () => {
    const uri = `http://127.0.0.1:${await freePort()}`;
    vi.stubEnv('MLFLOW_TRACKING_URI', uri);
    const folder = aRun();
    const notices: string[] = [];
    const tracking = trackRun(folder, { trackers: ['mlflow', 'wandb'], onNotice: (notice) => notices.push(notice) });
    await tracking.finish();
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain(`MLflow at ${uri} cannot be reached`);
    expect(notices[0]).toContain(`experiments sync ${folder}`);
    expect(await readTrackerState(folder, 'mlflow')).toMatchObject({ uri });
    expect((await readTrackerState(folder, 'wandb'))?.complete).toBeDefined();
  },
);

test('a server that never answers is waited for at the end only, and not for long', { timeout: 30_000 }, async () => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('MLFLOW_TRACKING_URI', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const notices: string[] = [];
  const tracking = trackRun(aRun(), {
    trackers: ['mlflow'],
    patienceSeconds: 1,
    onNotice: (notice) => notices.push(notice),
  });
  await once(server, 'connection');
  await tracking.finish();
  expect(notices).toEqual([expect.stringContaining('it took more than 1 s')]);
  server.close();
});

test('without trackers there is no thread', async () => {
  await trackRun(join(tmpdir(), 'nowhere'), { trackers: [] }).finish();
});
