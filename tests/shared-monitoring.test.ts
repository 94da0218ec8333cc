import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { simulateRequests } from '../src/bench/monitoring/simulate-requests.ts';
import type { Reading } from '../src/reading/reading.ts';
import type { AlarmEvent } from '../src/server/monitoring/drift-report.ts';
import { makeReference } from '../src/server/monitoring/make-reference.ts';
import type { Measurement } from '../src/server/monitoring/measurement.ts';
import { Monitor } from '../src/server/monitoring/monitor.ts';
import { openSharedRedis } from '../src/server/monitoring/open-shared-redis.ts';
import { formatReference } from '../src/server/monitoring/reference.ts';
import { hasRedis, RedisServer } from './support/redis-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'shared-monitoring-'));
const sha256 = 'ab'.repeat(32);
const manifest = { name: 'simulated', file: { name: 'model.onnx', bytes: 1, sha256 } };
const timing = { queueMs: 0, decodeMs: 1, computeMs: 2, batchSize: 1 };
let redis: RedisServer;

interface Instance {
  readonly monitor: Monitor;
  readonly alarms: AlarmEvent[];
  readonly warnings: string[];
}

/** An instance of a service, as far as its monitoring goes. */
async function startInstance(): Promise<Instance> {
  const [alarms, warnings]: [AlarmEvent[], string[]] = [[], []];
  const monitor = await Monitor.start([{ source: folder, manifest }], {
    waiting: () => 0,
    redis: await openSharedRedis(redis.address),
    warn: (message) => warnings.push(message),
  });
  monitor.onAlarm((alarm) => alarms.push(alarm));
  return { monitor, alarms, warnings };
}

function send({ monitor }: Instance, measurements: readonly Measurement[]): void {
  const reading = { text: 'a-secret' } as Reading;
  measurements.forEach((measurement, i) => monitor.read({ reading, timing, measurement }, `request-${i}`));
}

const requestsOf = ({ monitor }: Instance) => monitor.reports()[0].requests;
const until = async (check: () => void) => await vi.waitFor(check, { timeout: 60_000, interval: 50 });

describe.skipIf(!hasRedis || process.platform === 'win32')('instances that share their statistics', () => {
  beforeAll(async () => {
    redis = await RedisServer.start();
    const options = { modelSha256: sha256, description: 'simulated requests', samples: 100 };
    await writeFile(join(folder, 'model.json'), '{}');
    await writeFile(
      join(folder, 'monitoring.json'),
      await formatReference(makeReference(simulateRequests(300, 1), options)),
    );
  });

  afterAll(async () => {
    await redis.close();
    await rm(folder, { recursive: true });
  });

  test('judge all requests together, tell once, let another judge when one is gone, and go on without Redis', async () => {
    const [first, second] = [await startInstance(), await startInstance()];
    // Neither sees as many requests as a window has; together they do.
    send(first, simulateRequests(50, 2, { inverted: true }));
    send(second, simulateRequests(50, 3, { inverted: true }));
    await until(() => expect([first, second].map(requestsOf)).toEqual([100, 100]));
    await until(() => expect(first.alarms).toHaveLength(1));
    expect(first.alarms).toMatchObject([{ state: 'firing', cause: 'inverted' }]);
    // The other shows the same alarm, and tells nobody.
    await until(() => expect(second.monitor.reports()[0].alarms).toEqual(first.monitor.reports()[0].alarms));
    expect(second.alarms).toEqual([]);
    const [{ signals }] = first.monitor.reports();
    expect(second.monitor.reports()[0].signals).toEqual(signals);

    // The one that judges ends: the other takes over, with the alarm that has not ended, under its id.
    await first.monitor.close();
    await until(() =>
      expect(second.alarms.map(({ id, state }) => [id, state])).toEqual([[first.alarms[0].id, 'firing']]),
    );
    const third = await startInstance();
    expect(requestsOf(third)).toBe(100);
    for (let batch = 0; batch < 8; batch++) send(third, simulateRequests(100, 10 + batch));
    await until(() => expect(second.alarms.at(-1)).toMatchObject({ id: first.alarms[0].id, state: 'resolved' }));
    await until(() => expect(third.monitor.reports()[0].alarms).toEqual([]));
    expect(third.alarms).toEqual([]);

    // Without Redis each judges its own.
    await redis.kill();
    send(third, simulateRequests(200, 30, { sharpness: 0.2 }));
    await until(() => expect(third.alarms).toMatchObject([{ state: 'firing', cause: 'blurred' }]));
    expect(third.warnings).toEqual([expect.stringContaining('are not shared, Redis does not answer')]);
    await redis.restart();
    await until(() => expect(third.warnings.at(-1)).toContain('are shared again'));
    await Promise.all([second, third].map(({ monitor }) => monitor.close()));
  }, 120_000);
});
