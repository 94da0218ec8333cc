import type { GrayImage } from '../../../src/images/gray-image.ts';
import { type Engine, type PlacedReading, ReadingError } from '../reading/reading.ts';
import type { DeviceAnswer, DeviceRequest } from './device-messages.ts';
import { GpuError } from './gpu-error.ts';
import { type GpuSettings, rememberGpuFailure } from './gpu-settings.ts';
import type { OnProgress } from './load-device-model.ts';

type Answer<Kind extends DeviceAnswer['kind']> = Extract<DeviceAnswer, { kind: Kind }>;
type Request = DeviceRequest extends infer R ? (R extends DeviceRequest ? Omit<R, 'id'> : never) : never;

interface Pending {
  resolve(answer: DeviceAnswer): void;
  reject(error: Error): void;
  readonly onProgress: OnProgress | undefined;
  /** Runs while WebGPU works on it. */
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Why WebGPU was given up: it took too long, failed, or its device went. */
export type GpuEnd = 'slow' | 'failed' | 'lost';

/** Told what computes, each time that it may have changed, and why it is WebGPU no more. */
export type OnEngine = (engine: Engine, end: GpuEnd | undefined) => void;

/**
 * Reads in this browser: talks to the worker that holds the model. No picture leaves the device. Where WebGPU computes
 * and fails, hangs or is lost, what was asked is done again without it.
 */
export class DeviceClient {
  readonly #limit: number;
  readonly #onEngine: OnEngine;
  #use: GpuSettings['use'];
  #gpuEnd: GpuEnd | undefined;
  #worker: Worker | undefined;
  #nextId = 0;
  readonly #pending = new Map<number, Pending>();
  #loaded: { readonly model: string; readonly done: Promise<Answer<'loaded'>> } | undefined;

  constructor({ use, limit }: GpuSettings, onEngine: OnEngine) {
    this.#use = use;
    this.#limit = limit;
    this.#onEngine = onEngine;
  }

  /** Loads a model unless it is loaded. Throws a ReadingError. */
  async load(model: string, onProgress?: OnProgress): Promise<void> {
    await this.#againWithoutGpu(() => this.#load(model, onProgress));
  }

  /** Reads a picture with a model, which is loaded first if need be. Throws a ReadingError. */
  async read(image: GrayImage, model: string): Promise<PlacedReading> {
    return await this.#againWithoutGpu(async () => {
      await this.#load(model);
      return (await this.#ask<'reading'>({ kind: 'read', image })).read;
    });
  }

  async #againWithoutGpu<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof GpuError)) throw error;
      return await task();
    }
  }

  async #load(model: string, onProgress?: OnProgress): Promise<void> {
    if (this.#loaded?.model !== model) {
      const request = { kind: 'load', model, base: document.baseURI, use: this.#use } as const;
      this.#loaded = { model, done: this.#ask<'loaded'>(request, onProgress) };
    }
    const { done } = this.#loaded;
    const { engine } = await done.catch((error: unknown) => {
      if (this.#loaded?.done === done) this.#loaded = undefined;
      throw error;
    });
    this.#onEngine(engine, this.#gpuEnd);
  }

  async #ask<Kind extends 'loaded' | 'reading'>(request: Request, onProgress?: OnProgress): Promise<Answer<Kind>> {
    const id = this.#nextId++;
    const worker = (this.#worker ??= this.#start());
    return await new Promise((resolve, reject) => {
      const take = (answer: DeviceAnswer) => resolve(answer as Answer<Kind>);
      this.#pending.set(id, { resolve: take, reject, onProgress, timer: undefined });
      worker.postMessage({ ...request, id });
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./device.worker.ts', import.meta.url), { type: 'module', name: 'reader' });
    // What an ended worker had on its way still comes.
    const isCurrent = () => worker === this.#worker;
    worker.addEventListener('message', ({ data }: MessageEvent<DeviceAnswer>) => isCurrent() && this.#receive(data));
    worker.addEventListener('error', (event) => isCurrent() && this.#fail(event.message));
    return worker;
  }

  #receive(answer: DeviceAnswer): void {
    if (answer.kind === 'lost') return this.#leaveGpu('lost');
    const pending = this.#pending.get(answer.id);
    if (pending === undefined) return;
    if (answer.kind === 'progress') return pending.onProgress?.(answer.loaded, answer.total);
    if (answer.kind === 'gpu') return this.#bound(pending, answer.isBusy);
    if (answer.kind === 'failed' && answer.isGpu) return this.#leaveGpu('failed', answer.message);
    this.#pending.delete(answer.id);
    if (answer.kind === 'failed') pending.reject(new ReadingError(answer.message));
    else pending.resolve(answer);
  }

  #bound(pending: Pending, isBusy: boolean): void {
    clearTimeout(pending.timer);
    pending.timer = isBusy ? setTimeout(() => this.#leaveGpu('slow'), this.#limit) : undefined;
  }

  /** A worker that does not start, or breaks, answers nothing more: the next request starts another. */
  #fail(message: string | undefined): void {
    const isGpu = Array.from(this.#pending.values()).some(({ timer }) => timer !== undefined);
    if (isGpu) return this.#leaveGpu('failed', message);
    this.#end(new ReadingError(`Reading on this device failed (${message || 'its script did not load'}).`));
  }

  /** What WebGPU has begun cannot be stopped but with its worker; the next one computes without it. */
  #leaveGpu(end: GpuEnd, message = ''): void {
    console.warn(`WebAssembly takes over from WebGPU (${end}). ${message}`);
    // A device may be lost at any time, such as with a new driver, and be there again.
    if (end !== 'lost') rememberGpuFailure();
    this.#use = 'off';
    this.#gpuEnd = end;
    this.#end(new GpuError(message));
    this.#onEngine('wasm', end);
  }

  #end(error: Error): void {
    const pending = Array.from(this.#pending.values());
    this.#pending.clear();
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#loaded = undefined;
    for (const { reject, timer } of pending) {
      clearTimeout(timer);
      reject(error);
    }
  }
}
