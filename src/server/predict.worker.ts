import { parentPort, workerData } from 'node:worker_threads';
import { toErrorMessage } from '../runtime/worker-error.ts';
import type { PredictMessage, PredictRequest, PredictWorkerData } from './predict-protocol.ts';
import { readBatch } from './read-batch.ts';
import { loadReaders } from './load-reader.ts';
import type { Reader } from './reader.ts';
import { yieldPriority } from './yield-priority.ts';

const { models, threads, languageModel, limits } = workerData as PredictWorkerData;

function post(message: PredictMessage): void {
  parentPort!.postMessage(message);
}

/** Answers one batch; the next one's images are decoded while this one waits for its own. */
async function answer(readers: readonly Reader[], { id, model, images }: PredictRequest): Promise<void> {
  try {
    post({ type: 'read', id, result: await readBatch(readers[model], images, limits) });
  } catch (error) {
    post({ type: 'failed', id, error: toErrorMessage(error) });
  }
}

try {
  yieldPriority();
  const readers = await loadReaders(models, { threads, languageModel, limits });
  parentPort!.on('message', (request: PredictRequest) => void answer(readers, request));
  post({
    type: 'ready',
    models: readers.map(({ manifest, decoders, maxBatch }) => ({ manifest, decoders, maxBatch })),
  });
} catch (error) {
  post({ type: 'unable', error: toErrorMessage(error) });
}
