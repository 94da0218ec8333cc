import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { TextRecognizerError } from '../errors.ts';
import { spawnWorker } from '../runtime/spawn-worker.ts';
import { fromErrorMessage, type WorkerErrorMessage } from '../runtime/worker-error.ts';
import type { DrawAnswer, DrawnSource, DrawRequest } from './draw-protocol.ts';
import type { DrawnFile, DrawnPage } from './drawn-file.ts';

/** What settles the question that a thread works on. */
interface Pending {
  readonly resolve: (answer: DrawAnswer) => void;
  readonly reject: (error: TextRecognizerError) => void;
}

/**
 * Draws pages on a thread of their own: PDFs and HEIC come from anywhere, and what takes too long or too much memory is ended there. The
 * next page is drawn on a new thread then.
 */
export class WorkerDrawer implements DrawnFile {
  readonly #source: DrawnSource;
  #worker: Worker | undefined;
  #pending: Pending | undefined;
  #pages = 0;

  private constructor(source: DrawnSource) {
    this.#source = source;
  }

  static async open(source: DrawnSource): Promise<WorkerDrawer> {
    const drawer = new WorkerDrawer(source);
    await drawer.#start();
    return drawer;
  }

  get pages(): number {
    return this.#pages;
  }

  async draw(page: number): Promise<DrawnPage> {
    const worker = this.#worker ?? (await this.#start());
    const answer = await this.#ask(worker, { draw: page });
    if ('page' in answer) return answer.page;
    const error = fromErrorMessage((answer as { error: WorkerErrorMessage }).error);
    if (error.code !== 'WORKER_FAILED') throw error;
    // The decoder gave up, for want of memory as a rule, and is of no use any more.
    await this.close();
    const { name } = this.#source;
    throw new TextRecognizerError(
      'INVALID_IMAGE',
      `Page ${page} of ${name} cannot be decoded; it may need too much memory. Save it as JPEG or PNG.`,
      { cause: error },
    );
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  async #start(): Promise<Worker> {
    const { name } = this.#source;
    // The decoders print what they find wrong; that would come between the lines of a program's output.
    const worker = spawnWorker(new URL('./draw.worker.ts', import.meta.url), { stdout: true, stderr: true });
    worker.stdout.resume();
    worker.stderr.resume();
    this.#worker = worker;
    // It says that it runs: starting is no part of the time that decoding may take.
    await once(worker, 'message');
    worker.on('message', (answer: DrawAnswer) => this.#pending?.resolve(answer));
    worker.on('error', (cause: Error) =>
      this.#fail(`${name} cannot be decoded (${cause.message}). Save it again.`, cause),
    );
    worker.on('exit', () => this.#fail(`${name} cannot be decoded: its thread has ended. Save it smaller.`));
    const answer = await this.#ask(worker, { open: this.#source });
    if ('error' in answer) {
      await this.close();
      throw fromErrorMessage(answer.error);
    }
    if ('pages' in answer) this.#pages = answer.pages;
    return worker;
  }

  /** One question at a time; a thread that does not answer is ended. */
  async #ask(worker: Worker, request: DrawRequest): Promise<DrawAnswer> {
    const { name, limits } = this.#source;
    const late = `${name} takes more than ${limits.maxSeconds} seconds to decode. Save it as JPEG or PNG.`;
    const timer = setTimeout(() => this.#fail(late), 1000 * limits.maxSeconds);
    // A thread that has nothing to do keeps no process from ending.
    worker.ref();
    try {
      return await new Promise<DrawAnswer>((resolve, reject) => {
        this.#pending = { resolve, reject };
        worker.postMessage(request);
      });
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      clearTimeout(timer);
      this.#pending = undefined;
      worker.unref();
    }
  }

  #fail(message: string, cause?: unknown): void {
    this.#pending?.reject(new TextRecognizerError('INVALID_IMAGE', message, { cause }));
  }
}
