import type { GrayImage } from '../../../src/images/gray-image.ts';
import { type Reading, ReadingError } from '../reading/reading.ts';
import type { DeviceAnswer, DeviceRequest } from './device-messages.ts';
import type { OnProgress } from './load-device-model.ts';

type Answer<Kind extends DeviceAnswer['kind']> = Extract<DeviceAnswer, { kind: Kind }>;
type Request = DeviceRequest extends infer R ? (R extends DeviceRequest ? Omit<R, 'id'> : never) : never;

interface Pending {
  resolve(answer: DeviceAnswer): void;
  reject(error: Error): void;
  readonly onProgress: OnProgress | undefined;
}

/** Reads in this browser: talks to the worker that holds the model. No picture leaves the device. */
export class DeviceClient {
  #worker: Worker | undefined;
  #nextId = 0;
  readonly #pending = new Map<number, Pending>();
  #loaded: { readonly model: string; readonly done: Promise<Answer<'loaded'>> } | undefined;

  /** Loads a model unless it is loaded. Throws a ReadingError. */
  async load(model: string, onProgress?: OnProgress): Promise<void> {
    if (this.#loaded?.model !== model) {
      const done = this.#ask<'loaded'>({ kind: 'load', model, base: document.baseURI }, onProgress);
      this.#loaded = { model, done };
    }
    const { done } = this.#loaded;
    await done.catch((error: unknown) => {
      if (this.#loaded?.done === done) this.#loaded = undefined;
      throw error;
    });
  }

  /** Reads a picture with a model, which is loaded first if need be. Throws a ReadingError. */
  async read(image: GrayImage, model: string): Promise<Reading> {
    await this.load(model);
    return (await this.#ask<'reading'>({ kind: 'read', image })).reading;
  }

  async #ask<Kind extends 'loaded' | 'reading'>(request: Request, onProgress?: OnProgress): Promise<Answer<Kind>> {
    const id = this.#nextId++;
    const worker = (this.#worker ??= this.#start());
    return await new Promise((resolve, reject) => {
      const take = (answer: DeviceAnswer) => resolve(answer as Answer<Kind>);
      this.#pending.set(id, { resolve: take, reject, onProgress });
      worker.postMessage({ ...request, id });
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./device.worker.ts', import.meta.url), { type: 'module', name: 'reader' });
    worker.addEventListener('message', ({ data }: MessageEvent<DeviceAnswer>) => this.#receive(data));
    worker.addEventListener('error', (event) => this.#fail(event.message));
    return worker;
  }

  #receive(answer: DeviceAnswer): void {
    const pending = this.#pending.get(answer.id);
    if (answer.kind === 'progress') return pending?.onProgress?.(answer.loaded, answer.total);
    this.#pending.delete(answer.id);
    if (answer.kind === 'failed') pending?.reject(new ReadingError(answer.message));
    else pending?.resolve(answer);
  }

  /** A worker that does not start, or breaks, answers nothing more: the next request starts another. */
  #fail(message: string | undefined): void {
    const error = new ReadingError(`Reading on this device failed (${message || 'its script did not load'}).`);
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#loaded = undefined;
  }
}
