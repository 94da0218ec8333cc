/*
 * Runs a group over Redis with three workers, in network namespaces of their own where there can be some, while one of them is killed, stopped for longer than its lock lasts, or cut off every few seconds
 * and replaced or let go on, and Redis is killed twice: all runs must end with the bytes of an undisturbed group, each once, and no attempt
 * may write after it was taken over. `node scripts/run.mjs scripts/kill-queue.ts [GROUP] [SECONDS]`; needs redis-server.
 */
import { deepStrictEqual } from 'node:assert';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { queueSlots } from '../src/experiments/queue/queue-slots.ts';
import { RunQueue } from '../src/experiments/queue/run-queue.ts';
import { runGroup } from '../src/experiments/scheduler/run-group.ts';
import { readGroup } from '../src/experiments/search/read-group.ts';
import { Random } from '../src/random/random.ts';
import { compileSources } from '../tests/support/compile-sources.ts';
import { outcomeOfRun } from '../tests/support/disturb-group.ts';
import { openMachineRoom, type Machine } from '../tests/support/machine-room.ts';
import { QueueWorkerProcess } from '../tests/support/queue-worker.ts';

const [file = 'experiments/samples/mlp-grid.json', seconds = '6'] = process.argv.slice(2);
// What is killed is the command line as the tests start it.
compileSources();
const group = await readGroup(file);
const folder = await mkdtemp(join(tmpdir(), 'kill-queue-'));
const room = await openMachineRoom(3);
const { redis } = room;
const random = new Random(1);
const done = { killed: 0, stopped: 0, cutOff: 0, restarts: 0 };

/** A worker on a machine of its own. */
interface Place {
  readonly machine: Machine;
  worker: QueueWorkerProcess;
}
const startWorker = (machine: Machine) => QueueWorkerProcess.start(machine, folder);
const places: Place[] = [];
for (const machine of room.machines) places.push({ machine, worker: await startWorker(machine) });

try {
  const options = { dataRoot: 'data', checkpointSeconds: 1 };
  const reference = await runGroup(group, { ...options, folder: join(folder, 'reference'), threads: 1 });
  deepStrictEqual(reference.finished, group.runs.length);

  const queue = await RunQueue.open(redis.address, { onNotice: () => undefined });
  let finished = 0;
  const isOver = new AbortController();
  const disturbances = disturb(isOver.signal, () => finished);
  const place = join(folder, 'store');
  const summary = await runGroup(group, {
    ...options,
    folder: join(folder, 'disturbed'),
    retries: 1000,
    launcher: { launch: queue.launch, slots: queueSlots(group.runs.length), place },
    onEvent: ({ event }) => void (event === 'finished' && finished++),
  });
  isOver.abort();
  await disturbances;
  await queue.close();
  deepStrictEqual(summary, reference);
  for (const { name } of group.runs) {
    deepStrictEqual(
      await outcomeOfRun(join(folder, 'disturbed', name)),
      await outcomeOfRun(join(folder, 'reference', name)),
    );
    const attempts = await attemptsInLog(join(place, name, 'log'));
    deepStrictEqual(
      attempts,
      attempts.toSorted((a, b) => a - b),
      `${name}: an attempt wrote after it was taken over`,
    );
  }
  console.log(
    `${group.runs.length} runs: the same bytes with ${done.killed} workers killed, ${done.stopped} stopped and ${done.cutOff} cut off for a while, and Redis killed ${done.restarts} times.`,
  );
} finally {
  for (const { worker } of places) {
    worker.signalAttempts('SIGKILL');
    worker.signal('SIGKILL');
  }
  await room.close();
  await rm(folder, { recursive: true, force: true });
}

/** One machine after the other, and Redis after a third and two thirds of the runs. */
async function disturb(signal: AbortSignal, finished: () => number): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) {
    await sleep(1000 * Number(seconds), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const place = places[random.below(places.length)];
    await [kill, stop, cutOff][turn % 3](place);
    if (finished() < (group.runs.length * (done.restarts + 1)) / 3 || done.restarts === 2) continue;
    done.restarts += 1;
    await redis.kill();
    await sleep(1000);
    await redis.restart();
  }
}

async function kill(place: Place): Promise<void> {
  done.killed += 1;
  place.worker.signal('SIGKILL');
  place.worker.signalAttempts('SIGKILL');
  place.worker = await startWorker(place.machine);
}

async function stop({ worker }: Place): Promise<void> {
  done.stopped += 1;
  worker.signal('SIGSTOP');
  worker.signalAttempts('SIGSTOP');
  await sleep(8000);
  worker.signal('SIGCONT');
  worker.signalAttempts('SIGCONT');
}

async function cutOff({ machine }: Place): Promise<void> {
  done.cutOff += 1;
  machine.cutOff();
  await sleep(8000);
  machine.reconnect();
}

async function attemptsInLog(log: string): Promise<number[]> {
  const entries = (await readdir(log)).filter((name) => name.endsWith('.json')).toSorted();
  const texts = await Promise.all(entries.map((name) => readFile(join(log, name), 'utf8')));
  return texts.map((text) => (JSON.parse(text) as { attempt: number }).attempt);
}
