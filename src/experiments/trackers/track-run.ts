import { setTimeout as delay } from 'node:timers/promises';
import { spawnWorker } from '../../runtime/spawn-worker.ts';
import type { TrackEnd, TrackRequest } from './track-run.worker.ts';
import type { TrackerKind } from './tracker-kinds.ts';

export interface TrackOptions {
  readonly trackers: readonly TrackerKind[];
  /** Seconds from one look at the run's folder to the next; default 5. */
  readonly everySeconds?: number;
  /** The longest wait for trackers at the end, in seconds; default 20. */
  readonly patienceSeconds?: number;
  /** Gets what was not sent, and how to send it. */
  readonly onNotice?: (message: string) => void;
}

/** Tells trackers about the run in a folder, until `finish` is called, which tells them the rest. Neither throws. */
export function trackRun(folder: string, options: TrackOptions): { finish(): Promise<void> } {
  const { trackers, everySeconds = 5, patienceSeconds = 20, onNotice } = options;
  if (trackers.length === 0) return { finish: async () => undefined };
  const request: TrackRequest = { folder, trackers, everySeconds };
  const worker = spawnWorker(new URL('./track-run.worker.ts', import.meta.url), { workerData: request });
  const all = (problem: string): TrackEnd => trackers.map((tracker) => ({ tracker, problem }));
  const ended = new Promise<TrackEnd>((resolve) => {
    worker.once('message', resolve);
    worker.once('error', (error) => resolve(all(error.message)));
    worker.once('exit', () => resolve(all('the thread that tells it has ended')));
  });
  return {
    async finish() {
      worker.postMessage('finish');
      const patience = new AbortController();
      const waited = delay(1000 * patienceSeconds, all(`it took more than ${patienceSeconds} s`), patience);
      const problems = await Promise.race([ended, waited]);
      patience.abort();
      await waited.catch(() => undefined);
      await worker.terminate();
      for (const { tracker, problem } of problems) {
        onNotice?.(`${tracker} does not have all of ${folder}: ${problem}\nSend it later: experiments sync ${folder}`);
      }
    },
  };
}
