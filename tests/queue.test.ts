import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { queueSlots } from '../src/experiments/queue/queue-slots.ts';
import { RunQueue } from '../src/experiments/queue/run-queue.ts';
import type { GroupEvent, GroupSummary } from '../src/experiments/scheduler/group-run.ts';
import { runGroup } from '../src/experiments/scheduler/run-group.ts';
import type { Group } from '../src/experiments/search/group.ts';
import { outcomeOfRun } from './support/disturb-group.ts';
import { openMachineRoom, type MachineRoom } from './support/machine-room.ts';
import { QueueWorkerProcess } from './support/queue-worker.ts';
import { hasRedis, type RedisServer } from './support/redis-server.ts';
import { smallGroup } from './support/small-group.ts';

// Half a minute in all; more where other work takes the processor.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let folder: string;
let group: Group;
let room: MachineRoom;
let redis: RedisServer;

const path = (...names: readonly string[]) => join(folder, ...names);

describe.skipIf(!hasRedis || process.platform === 'win32')('a group on a queue', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'queue-'));
    group = await smallGroup(folder, { seeds: [1, 2, 3], epochs: 8 });
    room = await openMachineRoom(3);
    ({ redis } = room);
  });

  afterAll(async () => {
    await room.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('ends like one on this machine, though a worker is killed, one is cut off, and Redis is restarted', async () => {
    const reference = await runGroup(group, { folder: path('reference'), dataRoot: folder, threads: 1 });
    expect(reference).toMatchObject({ finished: 3, failed: 0, stopped: 0 });

    const [, network] = room.machines;
    const [killed, cutOff, healthy] = await Promise.all(
      room.machines.map((machine) => QueueWorkerProcess.start(machine, folder)),
    );
    const done = { killed: false, cutOff: '', returned: false, restarted: false };
    const summary = await runOnQueue(group, 'disturbed', async (event) => {
      const pid = event.event === 'started' ? event.pid : undefined;
      if (killed.has(pid) && !done.killed) {
        done.killed = true;
        killed.signal('SIGKILL');
        killed.signalAttempts('SIGKILL');
      } else if (cutOff.has(pid) && done.cutOff === '') {
        done.cutOff = event.run;
        network.cutOff();
        cutOff.signalAttempts('SIGSTOP');
      } else if (event.event === 'started' && event.run === done.cutOff && !done.returned) {
        // Somebody else has its run now.
        done.returned = true;
        network.reconnect();
        cutOff.signalAttempts('SIGCONT');
      } else if (event.event === 'finished' && !done.restarted) {
        done.restarted = true;
        await redis.kill();
        await redis.restart();
      }
    });
    expect(done).toEqual({ killed: true, cutOff: expect.stringMatching(/^seed=/), returned: true, restarted: true });
    expect(summary).toEqual(reference);
    for (const { name } of group.runs) {
      expect(await outcomeOfRun(path('disturbed', name))).toEqual(await outcomeOfRun(path('reference', name)));
      const attempts = await attemptsInLog(name);
      expect(attempts, 'an attempt wrote after another had taken the run over').toEqual(
        attempts.toSorted((a, b) => a - b),
      );
    }

    // The one that was cut off was refused when it wanted to save, and has gone on with other work since.
    await vi.waitFor(
      () =>
        expect(cutOff.events).toContainEqual(
          expect.objectContaining({ event: 'ended', run: done.cutOff, how: 'failed' }),
        ),
      { timeout: 60_000 },
    );
    for (const worker of [cutOff, healthy]) worker.signal('SIGINT');
    expect((await cutOff.ending).code).toBe(0);
    expect((await healthy.ending).code).toBe(0);
  });

  test('is saved by Ctrl-C, and resumes, also where Redis has lost everything', async () => {
    const worker = await QueueWorkerProcess.start(room.machines[0], folder);
    const two = { ...group, runs: group.runs.slice(0, 2) };
    const interrupt = new AbortController();
    const onEpoch = async (event: GroupEvent) => void (event.event === 'epoch' && interrupt.abort());
    const stopped = await runOnQueue(two, 'resumed', onEpoch, interrupt.signal);
    expect(stopped).toMatchObject({ failed: 0 });
    expect(stopped.stopped).toBeGreaterThan(0);
    expect(await withRedis((client) => client.keys('bull:*:run-*'))).toEqual([]);

    let flushed = false;
    const ended = await runOnQueue(two, 'resumed', async ({ event }) => {
      if (event !== 'started' || flushed) return;
      flushed = true;
      await withRedis((client) => client.flushall());
    });
    expect(ended).toMatchObject({ finished: 2, failed: 0, stopped: 0 });
    for (const { name } of two.runs) {
      expect(await outcomeOfRun(path('resumed', name))).toEqual(await outcomeOfRun(path('reference', name)));
    }
    worker.signal('SIGINT');
    expect((await worker.ending).code).toBe(0);
  });
});

async function runOnQueue(
  group: Group,
  name: string,
  onEvent: (event: GroupEvent) => Promise<void>,
  signal?: AbortSignal,
): Promise<GroupSummary> {
  const queue = await RunQueue.open(redis.address, { onNotice: () => undefined });
  const disturbances: Promise<void>[] = [];
  try {
    return await runGroup(group, {
      folder: path(name),
      dataRoot: folder,
      signal,
      launcher: { launch: queue.launch, slots: queueSlots(group.runs.length), place: path(`${name}-store`) },
      onEvent: (event) => disturbances.push(onEvent(event)),
    });
  } finally {
    await Promise.all(disturbances);
    await queue.close();
  }
}

async function withRedis<Result>(use: (client: Redis) => Promise<Result>): Promise<Result> {
  const client = new Redis(redis.address);
  return await use(client).finally(() => client.disconnect());
}

/** Which attempt each entry of a run's log is of, from the first to the last. */
async function attemptsInLog(run: string): Promise<number[]> {
  const log = path('disturbed-store', run, 'log');
  const entries = (await readdir(log)).filter((name) => name.endsWith('.json')).toSorted();
  const texts = await Promise.all(entries.map((name) => readFile(join(log, name), 'utf8')));
  return texts.map((text) => (JSON.parse(text) as { attempt: number }).attempt);
}
