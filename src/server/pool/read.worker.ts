import { parentPort, workerData } from 'node:worker_threads';
import { Recognizer } from '../../reading/recognizer.ts';
import { toErrorMessage } from '../../runtime/worker-error.ts';
import { readBatch } from './read-batch.ts';
import type { ReadMessage, ReadRequest, ReadWorkerData } from './read-protocol.ts';
import { yieldPriority } from './yield-priority.ts';

function post(message: ReadMessage): void {
  parentPort!.postMessage(message);
}

/** Answers one batch; the next one's images are decoded while this one waits for its own. */
async function answer(recognizer: Recognizer, { id, images }: ReadRequest): Promise<void> {
  try {
    post({ type: 'read', id, result: await readBatch(recognizer, images, data.measure) });
  } catch (error) {
    post({ type: 'failed', id, error: toErrorMessage(error) });
  }
}

const data = workerData as ReadWorkerData;

try {
  yieldPriority();
  const recognizer = await Recognizer.load({ ...data, preload: true });
  const readers = await recognizer.readers();
  parentPort!.on('message', (request: ReadRequest) => void answer(recognizer, request));
  post({
    type: 'ready',
    models: readers.map(({ manifest, decoders, maxBatch }) => ({ manifest, decoders, maxBatch })),
  });
} catch (error) {
  post({ type: 'unable', error: toErrorMessage(error) });
}
