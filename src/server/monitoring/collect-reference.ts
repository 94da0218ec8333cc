import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { spawnWorker } from '../../runtime/spawn-worker.ts';
import { fromErrorMessage } from '../../runtime/worker-error.ts';
import type { MakeReferenceOptions } from './make-reference.ts';
import type { MakeReferenceData, MakeReferenceMessage } from './make-reference.worker.ts';
import type { Measurement } from './measurement.ts';
import { parseReference, type Reference } from './reference.ts';

export interface CollectOptions extends MakeReferenceOptions {
  /** How many requests the reference is made of. */
  readonly requests: number;
  /** The file that it is written to. */
  readonly path: string;
}

/**
 * Makes a reference of a model's first requests. Until there are enough, their measurements are held in memory only: with the letters of a
 * single request on disk, texts could be guessed.
 */
export class ReferenceCollector {
  readonly #options: CollectOptions;
  readonly #collected: Measurement[] = [];

  constructor(options: CollectOptions) {
    this.#options = options;
  }

  /** Takes a request in; with the last, a promise of the reference, once it is in its file. */
  add(measurement: Measurement): Promise<Reference> | undefined {
    this.#collected.push(measurement);
    return this.#collected.length === this.#options.requests ? this.#make() : undefined;
  }

  /** On a thread of its own: a bootstrap takes seconds. */
  async #make(): Promise<Reference> {
    const { path, requests: _, ...options } = this.#options;
    const data: MakeReferenceData = { measurements: this.#collected, options };
    const worker = spawnWorker(new URL('./make-reference.worker.ts', import.meta.url), { workerData: data });
    const message = await new Promise<MakeReferenceMessage>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
    });
    if ('error' in message) throw fromErrorMessage(message.error);
    await writeFileAtomic(path, message.text);
    return await parseReference(message.text, path);
  }
}
