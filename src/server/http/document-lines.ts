import { setTimeout as sleep } from 'node:timers/promises';
import { readImageHeader } from '../../images/decode-image.ts';
import type { PictureFile } from '../../images/picture-file.ts';
import type { ReadingService, ServiceOptions, TimedReading } from '../reading-service.ts';
import { toAnswer } from './answer.ts';
import { ProblemError, toProblem } from './problem.ts';

export interface DocumentRun {
  readonly service: ReadingService;
  readonly options: ServiceOptions;
  /** The first page to read, from 1. */
  readonly from: number;
  /** Called where the client takes no more lines. */
  readonly giveUp: () => void;
}

/** A busy service is asked again for a page, so often. */
const MOST_TRIES = 6;
/** How long a client may let its lines wait, all together: whoever reads takes them at once. */
const PATIENCE_MS = 60_000;

/**
 * The pages of a document as lines of JSON, each as soon as it is read: its number, how many there are, and its reading or an `error`. The
 * next page is drawn while one is read. Frees the file at the end, or when its client goes.
 */
export async function* documentLines(file: PictureFile, run: DocumentRun): AsyncGenerator<string> {
  const { pages } = file;
  try {
    let drawn = draw(file, run.from, run);
    let patience = PATIENCE_MS;
    for (let page = run.from; page <= pages; page++) {
      const started = performance.now();
      const picture = await drawn;
      if (page < pages) drawn = draw(file, page + 1, run);
      const line = { page, pages, ...(await readPage(picture, run, started)) };
      const ready = performance.now();
      const stalled = setTimeout(run.giveUp, patience);
      yield `${JSON.stringify(line)}\n`;
      clearTimeout(stalled);
      patience = Math.max(0, patience - (performance.now() - ready));
      if (run.options.signal?.aborted) return;
    }
  } finally {
    await file.close();
  }
}

/** Ends when the page is drawn that was asked for last. */
let lastDrawn: Promise<unknown> = Promise.resolve();

/**
 * A page as JPEG, or what kept it from being drawn: nobody looks at it yet. One page is drawn after the other, of whichever document: each
 * may take hundreds of mebibytes.
 */
async function draw(
  file: PictureFile,
  page: number,
  { options: { signal } }: DocumentRun,
): Promise<Uint8Array | { readonly error: unknown }> {
  const inTurn = async (): Promise<Uint8Array> => {
    // The file is closed then.
    signal?.throwIfAborted();
    return await file.toJpeg(page);
  };
  const drawn = lastDrawn.then(inTurn).catch((error: unknown) => ({ error }));
  lastDrawn = drawn;
  return await drawn;
}

async function readPage(picture: Awaited<ReturnType<typeof draw>>, run: DocumentRun, started: number) {
  try {
    if ('error' in picture) throw picture.error;
    return toAnswer(await readPatiently(picture, run), started);
  } catch (error) {
    return { error: toProblem(error).details() };
  }
}

/** Other requests go first where there is no room: a document has time. */
async function readPatiently(jpeg: Uint8Array, { service, options }: DocumentRun): Promise<TimedReading> {
  const header = await readImageHeader(jpeg);
  // Each try gives a copy away. `slice` of a Buffer is none: it would be the memory of sharp, which Node 22 and later do not transfer.
  for (let tries = 1; ; tries++) {
    try {
      service.checkRoom(1, [header.decodeBytes]);
      return await service.read({ bytes: new Uint8Array(jpeg), ...header }, options);
    } catch (error) {
      const isBusy = error instanceof ProblemError && error.status === 503;
      if (!isBusy || tries === MOST_TRIES) throw error;
      await sleep(1000 * (error.retryAfter ?? 1), undefined, { signal: options.signal });
    }
  }
}
