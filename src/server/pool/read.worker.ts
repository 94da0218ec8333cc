import { parentPort, workerData } from 'node:worker_threads';
import { bundledLanguageModel } from '../../models/bundled-language-model.ts';
import type { LanguageModelSource } from '../../reading/language-model-source.ts';
import { Recognizer } from '../../reading/recognizer.ts';
import { IdleCollector } from '../../runtime/idle-collector.ts';
import { toErrorMessage } from '../../runtime/worker-error.ts';
import { LanguageModel } from '../../text/language-model/language-model.ts';
import { readLanguageModel } from '../../text/language-model/read-language-model.ts';
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
let { languageModelMemory } = data;

/** The first thread reads it, and the others have it from there: each copy would take 40 MiB. */
function languageModelOf({ languageModel = bundledLanguageModel }: ReadWorkerData): LanguageModelSource {
  if (languageModel === false) return false;
  return async () => {
    languageModelMemory ??= (await readLanguageModel(languageModel)).toSharedMemory();
    return LanguageModel.in(languageModelMemory);
  };
}

try {
  yieldPriority();
  const recognizer = await Recognizer.load({ ...data, languageModel: languageModelOf(data), preload: true });
  const readers = await recognizer.readers();
  parentPort!.on('message', (request: ReadRequest) => void answer(recognizer, request));
  post({
    type: 'ready',
    models: readers.map(({ manifest, decoders, maxBatch }) => ({ manifest, decoders, maxBatch })),
    languageModelMemory,
  });
} catch (error) {
  post({ type: 'unable', error: toErrorMessage(error) });
}
