import { parentPort, workerData } from 'node:worker_threads';
import { Recognizer } from '../../reading/recognizer.ts';
import { IdleCollector } from '../../runtime/idle-collector.ts';
import { toErrorMessage } from '../../runtime/worker-error.ts';
import { readBatch } from './read-batch.ts';
import type { ReadMessage, ReadRequest, ReadWorkerData } from './read-protocol.ts';
import { yieldPriority } from './yield-priority.ts';

function post(message: ReadMessage): void {
  parentPort!.postMessage(message);
}

/** What an image is taken to leave behind beside its own bytes: its pixels, its maps and its scores. */
const LEFT_BYTES = 2 ** 20;
const collector = new IdleCollector();

/** Answers one batch; the next one's images are decoded while this one waits for its own. */
async function answer(recognizer: Recognizer, { id, images }: ReadRequest): Promise<void> {
  try {
    post({ type: 'read', id, result: await readBatch(recognizer, images, data.measure) });
  } catch (error) {
    post({ type: 'failed', id, error: toErrorMessage(error) });
  } finally {
    collector.release(images.reduce((sum, { image }) => sum + image.length + LEFT_BYTES, 0));
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
