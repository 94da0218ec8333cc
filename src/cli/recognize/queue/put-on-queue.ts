import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, QueueEvents } from 'bullmq';
import { TextRecognizerError } from '../../../errors.ts';
import { queueConnection, requireRedis, shownAddress } from '../../../experiments/queue/queue-connection.ts';
import { queueNotices } from '../../../experiments/queue/queue-notices.ts';
import { absolutePlace, isS3, openRunStore, placeIn, type RunStore } from '../../../experiments/queue/run-store.ts';
import { isPicture, listInputs, namesOf, type RecognizeInput } from '../list-inputs.ts';
import { readList } from '../read-list.ts';
import { Totals } from '../totals.ts';
import { queueName, readRecord, recordName, RECORDS, requireSettings, writeRecord } from './queued-file.ts';
import type { FileRecord, QueuedFile, QueueSettings } from './queued-file.ts';

export interface PutOnQueueOptions {
  readonly address: string;
  /** A folder that all machines share, or `s3://BUCKET/PREFIX`. */
  readonly place: string;
  readonly settings: QueueSettings;
  /** A text file that names the files, one on a line, instead of paths. */
  readonly list?: string;
  readonly onNotice: (message: string) => void;
}

/** So many files are on the queue at a time, so that its memory does not grow with an archive. */
const WINDOW = 1000;
/** How long after an event that was missed the jobs themselves are looked at. */
const POLL_MS = 2000;

/**
 * Puts files on a queue, waits until workers have read all, and sums up what they read; those that were read before are passed over. Throws
 * INVALID_ARGUMENT, FILE_NOT_FOUND, STORE_UNAVAILABLE, or QUEUE_UNAVAILABLE where Redis does not answer at first.
 */
export async function putOnQueue(paths: readonly string[], options: PutOnQueueOptions): Promise<Totals> {
  const connection = queueConnection(options.address);
  await requireRedis(connection);
  const place = absolutePlace(options.place);
  const store = await openRunStore(place);
  await requireSettings(store, place, options.settings);
  const before = new Set(await store.list(RECORDS));
  const notice = queueNotices(shownAddress(connection), options.onNotice);
  const queue = new Queue<QueuedFile>(queueName, { connection });
  const events = new QueueEvents(queueName, { connection });
  queue.on('error', notice);
  events.on('error', notice);
  const waiting = new WaitingFiles(queue, store);
  for (const event of ['completed', 'failed'] as const) {
    events.on(event, ({ jobId }: { jobId: string }) => waiting.wake(jobId));
  }
  try {
    for await (const { file, name } of inputsOf(paths, options.list, place)) {
      const record = before.has(recordName(name)) ? await readRecord(store, name) : undefined;
      if (record?.failures.length === 0) {
        waiting.count(record, true);
        continue;
      }
      // What could not be read may have been mended since.
      if (record !== undefined) await store.remove([recordName(name)]);
      await waiting.put({ file, name, place });
    }
    await waiting.until(0);
  } finally {
    await Promise.race([Promise.all([queue.close(), events.close()]), sleep(POLL_MS, undefined, { ref: false })]);
    await queue.disconnect();
  }
  return waiting.totals;
}

/** Files of this machine, those below prefixes in S3, and those of a list. */
async function* inputsOf(
  paths: readonly string[],
  list: string | undefined,
  place: string,
): AsyncGenerator<RecognizeInput> {
  if (list !== undefined) {
    for await (const { file, name } of readList(list)) yield { file: absolutePlace(file), name };
  }
  const local = paths.filter((path) => !isS3(path));
  if (local.includes('-')) {
    throw new TextRecognizerError('INVALID_ARGUMENT', 'Standard input cannot go to other machines: name a file.');
  }
  for (const prefix of paths.filter(isS3)) {
    const keys = (await (await openRunStore(prefix)).list('')).filter(isPicture).toSorted();
    if (keys.length === 0) throw new TextRecognizerError('FILE_NOT_FOUND', `There are no pictures in ${prefix}.`);
    const names = namesOf(keys);
    for (const [i, key] of keys.entries()) yield { file: placeIn(prefix, key), name: names[i] };
  }
  if (local.length === 0) return;
  for await (const { file, name } of listInputs(local, place)) yield { file: resolve(file), name };
}

/** The files on the queue whose end is not known yet. */
class WaitingFiles {
  readonly totals = new Totals();
  readonly #queue: Queue<QueuedFile>;
  readonly #store: RunStore;
  readonly #files = new Map<string, QueuedFile>();
  readonly #ended = new Set<string>();
  #wake: () => void = () => undefined;

  constructor(queue: Queue<QueuedFile>, store: RunStore) {
    this.#queue = queue;
    this.#store = store;
  }

  wake(id: string): void {
    if (!this.#files.has(id)) return;
    this.#ended.add(id);
    this.#wake();
  }

  async put(file: QueuedFile): Promise<void> {
    await this.until(WINDOW - 1);
    const id = jobId(file);
    this.#files.set(id, file);
    await this.#add(id, file);
  }

  /** Waits until at most so many are left. */
  async until(most: number): Promise<void> {
    while (this.#files.size > most) {
      if (this.#ended.size === 0) {
        const woken = new AbortController();
        this.#wake = () => woken.abort();
        await sleep(POLL_MS, undefined, { signal: woken.signal }).catch(() => undefined);
      }
      const ids = this.#ended.size > 0 ? [...this.#ended] : [...this.#files.keys()];
      this.#ended.clear();
      for (const id of ids) await this.#look(id, this.#files.get(id)!);
    }
  }

  /** Adds what was read of a file. */
  count({ file, pages, failures }: FileRecord, isEarlier = false): void {
    for (const page of pages) this.totals.add(page, isEarlier);
    for (const { page, code } of failures) {
      this.totals.fail(`${file}${page === undefined ? '' : ` page ${page}`} (${code})`);
    }
  }

  /** The record tells what became of a file; a job without one has failed, or was lost with a Redis without persistence. */
  async #look(id: string, file: QueuedFile): Promise<void> {
    const job = await this.#queue.getJob(id);
    const state = await job?.getState();
    if (state !== undefined && state !== 'completed' && state !== 'failed') return;
    if (state === 'failed') {
      const failures = [{ code: 'WORKER_FAILED', message: job!.failedReason }];
      await writeRecord(this.#store, file.name, { file: file.file, pages: [], failures });
    }
    const record = await readRecord(this.#store, file.name);
    if (record === undefined) return await this.#add(id, file);
    this.count(record);
    this.#files.delete(id);
    await job?.remove();
  }

  /** A job of the same file that another run has put there and that still waits or runs is this one. */
  async #add(id: string, file: QueuedFile): Promise<void> {
    const before = await this.#queue.getJob(id);
    if (before && ['completed', 'failed'].includes(await before.getState())) await before.remove();
    // Errors of a store are tried again.
    await this.#queue.add('read', file, { jobId: id, attempts: 5, backoff: { type: 'exponential', delay: 2000 } });
  }
}

function jobId({ place, name }: QueuedFile): string {
  return `page-${createHash('sha256')
    .update(JSON.stringify([place, name]))
    .digest('hex')
    .slice(0, 32)}`;
}
