import { parentPort, workerData } from 'node:worker_threads';
import { toErrorMessage } from '../../runtime/worker-error.ts';
import type { RingWorkerMessage } from './ring-workers.ts';
import type { LineBatchWorkerData } from './line-batch-loader.ts';
import { LineBatchMaker } from './line-batch-maker.ts';
import { LineBatchRing } from './line-batch-ring.ts';
import { LineSampler, type WeightedLines } from './line-sampler.ts';
import { openLineSource } from '../lines/open-line-source.ts';

/** Fills this thread's share of the batches (every `threads`-th) as slots become free. */
async function makeBatches(data: LineBatchWorkerData): Promise<void> {
  const { sampling, memory, startStep, steps, thread, threads } = data;
  const sets: WeightedLines[] = [];
  for (const { source, weight, augment, ...labelled } of data.sets) {
    sets.push({ lines: { ...labelled, dataset: await openLineSource(source) }, weight, augment });
  }
  const maker = new LineBatchMaker(sets, new LineSampler(sets, sampling));
  const ring = new LineBatchRing(memory);
  for (let serial = thread; serial < steps; serial += threads) {
    ring.waitUntilFree(serial);
    maker.fill(ring.slot(serial), startStep + serial);
    ring.markFull(serial);
    post('full');
  }
}

function post(message: RingWorkerMessage): void {
  parentPort!.postMessage(message);
}

makeBatches(workerData as LineBatchWorkerData).catch((error: unknown) => post(toErrorMessage(error)));
