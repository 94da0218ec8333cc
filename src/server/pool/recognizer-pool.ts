import { availableParallelism } from 'node:os';
import type { ImageLimits } from '../../images/image-limits.ts';
import type { WantedLicence } from '../../models/model-licence.ts';
import { fromErrorMessage } from '../../runtime/worker-error.ts';
import { BatchQueue } from './batch-queue.ts';
import { BodyOpener } from '../http/body-opener.ts';
import type { BodyLimits, EncodedBody, OpenedImage, OpenedBody } from '../http/open-body.ts';
import { DecodeLoad } from './decode-load.ts';
import { ReadJob } from './read-job.ts';
import { ReadThread } from './read-thread.ts';
import type { LoadedModels, ReadWorkerData } from './read-protocol.ts';
import type { ReadingService, ServedModel, ServiceOptions, TimedReading } from '../reading-service.ts';
import { ProblemError } from '../http/problem.ts';
import type { BatchResult } from './read-batch.ts';

export interface RecognizerPoolOptions {
  /** Names of bundled models or folders; the first is the default. */
  readonly models: readonly string[];
  /** Files of adapters of these models, each served as a model of its own. */
  readonly adapters?: readonly string[];
  /** Threads that hold sessions; one per core by default. */
  readonly workers?: number;
  /** Threads for one operator in each of them; default 1. */
  readonly threads?: number;
  /** Most images that are read together, or fewer where a model gains nothing by so many; default 32. */
  readonly maxBatch?: number;
  /** Most milliseconds that an image waits for others while a batch is being read; default 2. An idle pool never waits. */
  readonly maxDelayMs?: number;
  /** Most images that wait; one more is refused with OVERLOADED. Default 256. */
  readonly maxQueue?: number;
  /** Milliseconds after which an image that was accepted is given up; default 10,000. */
  readonly deadlineMs?: number;
  /** With `free`, models under other terms are refused; `any` by default. */
  readonly licence?: WantedLicence;
  readonly limits?: Partial<ImageLimits>;
  /** The file of the language model for lines, which must be there; false for none; default the bundled one. */
  readonly languageModel?: string | false;
  /** Whether readings are measured for monitoring; default false. */
  readonly measure?: boolean;
}

/** A thread takes its next batch while it reads one, so that decoding and computing overlap. */
const BATCHES_PER_THREAD = 2;
/** A thread that died is replaced after this many milliseconds. */
const RESPAWN_MS = 500;

/** Reads images on worker threads, in batches that form while the threads are busy, with a queue that sheds load. */
export class RecognizerPool implements ReadingService {
  models: readonly ServedModel[] = [];
  #data: ReadWorkerData;
  readonly #options: Required<Pick<RecognizerPoolOptions, 'maxQueue' | 'deadlineMs'>>;
  readonly #opener = new BodyOpener();
  readonly #queue: BatchQueue<ReadJob>;
  readonly #load = new DecodeLoad(() => this.#threads.size);
  /** Threads that have loaded the models, and those that have not yet. */
  readonly #threads = new Set<ReadThread>();
  readonly #loading = new Set<ReadThread>();
  #timer: NodeJS.Timeout | undefined;
  #respawn: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;
  #drained: (() => void) | undefined;
  #accepted = 0;
  /** How many images a second were answered lately, smoothed. */
  #rate = 100;

  private constructor({
    models,
    adapters,
    threads = 1,
    languageModel,
    licence,
    limits,
    measure,
    ...options
  }: RecognizerPoolOptions) {
    this.#data = { models, adapters, threads, languageModel, licence, limits, measure };
    const { maxBatch = 32, maxDelayMs = 2 } = options;
    const maxSizeOf = (lane: number): number =>
      this.#load.isCostly(lane) ? 1 : Math.min(maxBatch, this.#maxBatchOf(this.#load.modelOf(lane)));
    this.#queue = new BatchQueue(maxSizeOf, maxDelayMs);
    this.#options = { maxQueue: options.maxQueue ?? 256, deadlineMs: options.deadlineMs ?? 10_000 };
  }

  /** Starts the threads and waits until all have loaded the models; throws what kept them from it. */
  static async start(options: RecognizerPoolOptions): Promise<RecognizerPool> {
    const pool = new RecognizerPool(options);
    try {
      const [first] = await Promise.all(pool.#startThreads(options.workers ?? availableParallelism()));
      pool.models = first.models;
      return pool;
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  /** Starts more threads until there are `workers`; they join in when they have loaded the models. */
  grow(workers: number): void {
    for (const ready of this.#startThreads(workers - this.#threads.size - this.#loading.size)) ready.catch(() => {});
  }

  get isReady(): boolean {
    return this.#closing === undefined && this.#threads.size > 0;
  }

  /** How many threads have loaded the models. */
  get threads(): number {
    return this.#threads.size;
  }

  /** How many images wait for a thread. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** How many images were accepted and not answered. */
  get accepted(): number {
    return this.#accepted;
  }

  checkRoom(images: number, decodeBytes: readonly number[] = []): void {
    if (this.#closing !== undefined) throw new ProblemError('NOT_READY', 'The service is stopping.', { retryAfter: 5 });
    this.#load.check(decodeBytes);
    if (this.#queue.size + images <= this.#options.maxQueue) return;
    throw new ProblemError('OVERLOADED', `${this.#queue.size} images wait already; try again later.`, {
      retryAfter: Math.min(60, Math.ceil(this.#queue.size / this.#rate)),
    });
  }

  open(body: EncodedBody, limits: BodyLimits): Promise<OpenedBody> {
    return this.#opener.open(body, { image: this.#data.limits, ...limits });
  }

  async read(image: OpenedImage, options: ServiceOptions = {}): Promise<TimedReading> {
    this.checkRoom(1);
    const job = new ReadJob(image, { ...options, deadlineMs: this.#options.deadlineMs });
    this.#accepted++;
    const lane = this.#load.laneOf(this.#modelOf(options), image.decodeBytes);
    this.#queue.add(lane, job, image.decodeBytes, performance.now());
    this.#load.wait(lane, image.decodeBytes);
    job.onSettled(() => {
      if (this.#queue.remove(lane, job)) this.#load.wait(lane, -image.decodeBytes);
      this.#accepted--;
      if (this.#accepted === 0) this.#drained?.();
    });
    this.#dispatch();
    return await job.result;
  }

  /** Takes no more images, waits for those it has (at most their deadline), and ends the threads. */
  close(): Promise<void> {
    this.#closing ??= this.#drainAndEnd();
    return this.#closing;
  }

  /** The place of the model that is asked for, or of the only one; behind all where what is in the image decides. */
  #modelOf({ model }: ServiceOptions): number {
    if (model === undefined) return this.models.length === 1 ? 0 : this.models.length;
    return this.models.findIndex(({ manifest }) => manifest.name === model);
  }

  #maxBatchOf(model: number): number {
    const able = model < this.models.length ? [this.models[model]] : this.models;
    return Math.min(...able.map(({ maxBatch }) => maxBatch));
  }

  async #drainAndEnd(): Promise<void> {
    if (this.#accepted > 0) await new Promise<void>((resolve) => (this.#drained = resolve));
    clearTimeout(this.#timer);
    clearTimeout(this.#respawn);
    await Promise.all([this.#opener, ...this.#threads, ...this.#loading].map((thread) => thread.close()));
  }

  #startThreads(count: number): Promise<LoadedModels>[] {
    return Array.from({ length: Math.max(0, count) }, () => this.#startThread().ready);
  }

  #startThread(): ReadThread {
    const thread = new ReadThread(this.#data);
    this.#loading.add(thread);
    void thread.ready.then(
      ({ languageModelMemory }) => {
        this.#data = { ...this.#data, languageModelMemory };
        this.#loading.delete(thread);
        this.#threads.add(thread);
        this.#dispatch();
      },
      () => thread.close(),
    );
    void thread.ended.then(() => {
      this.#loading.delete(thread);
      const wasReady = this.#threads.delete(thread);
      const isNeeded = this.#closing === undefined || this.#accepted > 0;
      if (this.models.length === 0 || !isNeeded) return;
      this.#respawn = setTimeout(() => this.#startThread(), wasReady ? 0 : RESPAWN_MS);
    });
    return thread;
  }

  /** Gives batches that are due to threads that have room; sets the timer for the next one that is not. */
  #dispatch(): void {
    for (let thread = this.#freest(); thread !== undefined; thread = this.#freest()) {
      const isIdle = thread.inFlight === 0;
      const wait = this.#queue.dueIn(performance.now(), this.#load.roomOf);
      if (wait === undefined) return;
      if (wait > 0 && !isIdle) return this.#dispatchLater(wait);
      const { lane, jobs, weight } = this.#queue.take(performance.now(), this.#load.roomOf)!;
      this.#load.wait(lane, -weight);
      this.#load.decode(lane, weight);
      void this.#send(thread, jobs, lane).finally(() => {
        this.#load.decode(lane, -weight);
        this.#dispatch();
      });
    }
  }

  #dispatchLater(ms: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#dispatch();
    }, Math.ceil(ms));
  }

  #freest(): ReadThread | undefined {
    const [freest] = [...this.#threads].sort((a, b) => a.inFlight - b.inFlight);
    return freest !== undefined && freest.inFlight < BATCHES_PER_THREAD ? freest : undefined;
  }

  async #send(thread: ReadThread, jobs: readonly ReadJob[], lane: number): Promise<void> {
    const sent = performance.now();
    try {
      const result = await thread.read(jobs.map((job) => job.input));
      this.#queue.took(lane, performance.now() - sent);
      this.#settle(jobs, result, sent);
    } catch (cause) {
      const error = new ProblemError(
        'NOT_READY',
        'The thread that read this image failed and is replaced; try again.',
        {
          cause,
          retryAfter: 1,
        },
      );
      for (const job of jobs) job.reject(error);
    }
  }

  #settle(jobs: readonly ReadJob[], { items, decodeMs, computeMs }: BatchResult, sent: number): void {
    const seconds = Math.max(1e-3, (performance.now() - sent) / 1000);
    this.#rate = 0.9 * this.#rate + (0.1 * jobs.length) / seconds;
    for (const [i, job] of jobs.entries()) {
      const item = items[i];
      const timing = { queueMs: sent - job.since, decodeMs, computeMs, batchSize: jobs.length };
      if ('error' in item) job.reject(fromErrorMessage(item.error));
      else job.resolve({ ...item, timing });
    }
  }
}
