// Follows the folder of a run for trackers, on a thread of its own: a training that computes lets no timer through.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { syncRun } from './sync-run.ts';
import type { TrackerKind } from './tracker-kinds.ts';

/** What the thread is given. */
export interface TrackRequest {
  readonly folder: string;
  readonly trackers: readonly TrackerKind[];
  readonly everySeconds: number;
}

/** What it posts at its end: of each tracker that does not have all, why. */
export type TrackEnd = readonly { readonly tracker: TrackerKind; readonly problem: string }[];

const { folder, trackers, everySeconds } = workerData as TrackRequest;
const ending = new AbortController();
const ended = once(parentPort!, 'message').then(() => ending.abort());
// Only a server is told while the training runs; a folder is written once.
const followed = trackers.filter((tracker) => tracker === 'mlflow');
while (!ending.signal.aborted) {
  // What is missed now is sent in the next turn.
  for (const tracker of followed) await syncRun(folder, tracker, process.env, ending.signal).catch(() => undefined);
  await delay(1000 * everySeconds, undefined, { signal: ending.signal }).catch(() => undefined);
}
await ended;
const problems: { tracker: TrackerKind; problem: string }[] = [];
for (const tracker of trackers) {
  await syncRun(folder, tracker, process.env).catch((error: unknown) => {
    problems.push({ tracker, problem: error instanceof Error ? error.message : String(error) });
  });
}
parentPort!.postMessage(problems satisfies TrackEnd);
