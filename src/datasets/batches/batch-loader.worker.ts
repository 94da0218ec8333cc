import { parentPort, workerData } from 'node:worker_threads';
import { toErrorMessage } from '../../runtime/worker-error.ts';
import { BatchMaker } from './batch-maker.ts';
import { totalBatches } from './batch-plan.ts';
import { BatchRing } from './batch-ring.ts';
import type { BatchWorkerData } from './batch-loader.ts';
import { openDatasetSource } from '../sources/open-dataset-source.ts';
import type { RingWorkerMessage } from './ring-workers.ts';

/** Fills this thread's share of the batches (every `threads`-th) as slots become free. */
async function makeBatches({ source, recipe, memory, thread, threads }: BatchWorkerData): Promise<void> {
  const maker = new BatchMaker(await openDatasetSource(source), recipe);
  const ring = new BatchRing(memory);
  const total = totalBatches(recipe);
  for (let serial = thread; serial < total; serial += threads) {
    ring.waitUntilFree(serial);
    maker.fill(ring.slot(serial), serial);
    ring.markFull(serial);
    post('full');
  }
}

function post(message: RingWorkerMessage): void {
  parentPort!.postMessage(message);
}

makeBatches(workerData as BatchWorkerData).catch((error: unknown) => post(toErrorMessage(error)));
