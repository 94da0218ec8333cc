import { parentPort, workerData } from 'node:worker_threads';
import { toErrorMessage } from '../../runtime/worker-error.ts';
import { Ring, type RingMemory } from './ring.ts';
import type { RingWorkerMessage } from './batch-stream.ts';

/** What a thread that fills a ring is started with. */
export interface RingWorkerData<Slot, Data> {
  readonly memory: RingMemory<Slot>;
  readonly thread: number;
  readonly threads: number;
  /** Batches in all. */
  readonly total: number;
  readonly data: Data;
}

/** Runs on a worker thread: fills its share of the batches, every `threads`-th, as slots become free. */
export async function fillRing<Slot, Data>(
  open: (data: Data) => Promise<(slot: Slot, serial: number) => void>,
): Promise<void> {
  const { memory, thread, threads, total, data } = workerData as RingWorkerData<Slot, Data>;
  try {
    const fill = await open(data);
    const ring = new Ring(memory);
    for (let serial = thread; serial < total; serial += threads) {
      ring.waitUntilFree(serial);
      fill(ring.slot(serial), serial);
      ring.markFull(serial);
      post('full');
    }
  } catch (error) {
    post(toErrorMessage(error));
  }
}

function post(message: RingWorkerMessage): void {
  parentPort!.postMessage(message);
}
