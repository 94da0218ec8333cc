import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnrecoverableError, Worker } from 'bullmq';
import { TextRecognizerError } from '../../../errors.ts';
import { queueConnection, requireRedis, shownAddress } from '../../../experiments/queue/queue-connection.ts';
import { queueNotices } from '../../../experiments/queue/queue-notices.ts';
import { isS3, openRunStore, placeIn, type RunStore } from '../../../experiments/queue/run-store.ts';
import { Recognizer, type RecognizerOptions } from '../../../reading/recognizer.ts';
import { recognizeFile } from '../recognize-files.ts';
import { ReadingWriter } from '../reading-writer.ts';
import { silent } from '../show-progress.ts';
import { Totals } from '../totals.ts';
import { queuedFileSchema, queueName, readRecord, readSettings, writeRecord } from './queued-file.ts';
import type { FileRecord, QueuedFile, QueueSettings } from './queued-file.ts';
import { StoredResults } from './stored-results.ts';

export interface PageWorkerOptions {
  readonly address: string;
  /** Of the models' sessions, on this machine. */
  readonly session: Pick<RecognizerOptions, 'device' | 'threads'>;
  /** A worker that was not heard of for so long is lost, and its file is read by another; default 30. */
  readonly lockSeconds?: number;
  /** When aborted, the file that is being read is finished. */
  readonly signal: AbortSignal;
  readonly onNotice: (message: string) => void;
  readonly onEvent?: (event: { readonly event: 'ready' | 'taken' | 'ended'; readonly file?: string }) => void;
}

/** A file at which so many workers were lost, one after the other, is given up. */
const MOST_STALLS = 3;
const CLOSING_MS = 5000;

/** A place with the recognizer for its settings. */
interface OpenPlace {
  readonly place: string;
  readonly store: RunStore;
  readonly settings: QueueSettings;
  readonly recognizer: Recognizer;
}

/** Takes files from a queue and reads them, one at a time, until `signal`. Throws INVALID_ARGUMENT, or QUEUE_UNAVAILABLE where Redis does not answer at first. */
export async function readFromQueue(options: PageWorkerOptions): Promise<void> {
  const { address, signal, onNotice, onEvent } = options;
  const connection = queueConnection(address);
  await requireRedis(connection);
  const lockDuration = 1000 * (options.lockSeconds ?? 30);
  let open: OpenPlace | undefined;
  const read = async (job: QueuedFile): Promise<void> => {
    if (open?.place !== job.place) {
      await open?.recognizer.close();
      open = undefined;
      open = await openPlace(job.place, options);
    }
    onEvent?.({ event: 'taken', file: job.file });
    await readOnce(job, open);
    onEvent?.({ event: 'ended', file: job.file });
  };
  const worker = new Worker<QueuedFile>(
    queueName,
    async ({ data }) => {
      const job = queuedFileSchema.safeParse(data);
      if (!job.success)
        throw new UnrecoverableError(`The job is of another version of this program: ${job.error.message}`);
      await read(job.data);
    },
    {
      connection,
      name: `${hostname()}:${process.pid}`,
      lockDuration,
      stalledInterval: lockDuration,
      maxStalledCount: MOST_STALLS,
    },
  );
  worker.on('error', queueNotices(shownAddress(connection), onNotice));
  worker.on('failed', (job, { message }) => onNotice(`${job?.data.file}: ${message}`));
  onEvent?.({ event: 'ready' });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
  await worker.close();
  await Promise.race([worker.disconnect(), sleep(CLOSING_MS, undefined, { ref: false })]);
  await open?.recognizer.close();
}

async function openPlace(place: string, { session }: PageWorkerOptions): Promise<OpenPlace> {
  const store = await openRunStore(place);
  const settings = await readSettings(store, place);
  return { place, store, settings, recognizer: await Recognizer.load({ ...settings.load, ...session }) };
}

/** Reads a file unless another worker has: its results first, then the record that they are there. */
async function readOnce({ file, name }: QueuedFile, { place, store, settings, recognizer }: OpenPlace): Promise<void> {
  if ((await readRecord(store, name)) !== undefined) return;
  const { format, page, read } = settings;
  const results = await StoredResults.open(store, name);
  const target = new ReadingWriter(results, format, { joinsPages: format === 'pdf' && page === undefined });
  const session = { recognizer, read, page, format, output: place, options: {} };
  const bytes = isS3(file) ? await bytesOf(file) : undefined;
  await recognizeFile({ file, name }, { ...session, target, totals: new Totals(), progress: silent }, bytes);
  const { pages, failures } = results;
  await writeRecord(store, name, { file, pages, failures } satisfies FileRecord);
  await results.forgetPages();
}

async function bytesOf(file: string): Promise<Uint8Array> {
  const [, bucket, key] = /^(s3:\/\/[^/]+)\/(.*)$/.exec(file)!;
  const bytes = await (await openRunStore(bucket)).read(key);
  if (bytes !== undefined) return bytes;
  throw new TextRecognizerError('FILE_NOT_FOUND', `${placeIn(bucket, key)} is not there any more.`);
}
