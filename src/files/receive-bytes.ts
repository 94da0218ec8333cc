import { open, rm } from 'node:fs/promises';
import { TextRecognizerError } from '../errors.ts';
import { explainWrite } from './explain-write.ts';

export interface ReceiveOptions {
  readonly signal?: AbortSignal;
  /** Seconds without a byte after which the connection counts as dead; default 30. */
  readonly stallSeconds?: number;
  /** Called with the size of the file so far. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * One attempt to fetch `url` into the file `path`, from byte `from` on where the server can (RFC 9110, range requests), otherwise
 * from the start. Throws a `TextRecognizerError` where another attempt would not help, any other error where it may.
 */
export async function receiveBytes(
  { url, bytes: total }: { readonly url: string; readonly bytes: number },
  path: string,
  from: number,
  { signal, stallSeconds = 30, onBytes }: ReceiveOptions,
): Promise<void> {
  const stall = new StallGuard(stallSeconds);
  try {
    const response = await request(
      url,
      from,
      signal === undefined ? stall.signal : AbortSignal.any([signal, stall.signal]),
    );
    checkStatus(url, response);
    const start = response.status === 206 ? from : 0;
    if (!(await isWhatWasAsked(url, response, { path, start, total })))
      throw new Error('the server sent another range');
    await append(response, path, { start, total, url, onBytes: (bytes) => (stall.restart(), onBytes(bytes)) });
  } catch (error) {
    throw stall.signal.aborted ? new Error(`no byte came for ${stallSeconds} s`, { cause: error }) : error;
  } finally {
    stall.stop();
  }
}

/** Aborts its signal unless it is restarted often enough. */
class StallGuard {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(seconds: number) {
    this.#timer = setTimeout(() => this.#controller.abort(), seconds * 1000);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

async function request(url: string, from: number, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (from > 0) headers.range = `bytes=${from}-`;
  try {
    return await fetch(url, { signal, headers });
  } catch (error) {
    // fetch says "fetch failed"; its cause says why.
    const { cause } = error as Error;
    throw cause instanceof Error
      ? new Error(cause.message || String((cause as NodeJS.ErrnoException).code), { cause })
      : error;
  }
}

function checkStatus(url: string, { status, statusText }: Response): void {
  if (status === 200 || status === 206 || status === 416) return;
  const problem = `${url} answers ${status} ${statusText}`.trimEnd();
  if (status >= 500 || status === 408 || status === 429) throw new Error(problem);
  throw new TextRecognizerError(
    'DOWNLOAD_FAILED',
    `${problem}. See whether the data set has moved to another address.`,
  );
}

/** Whether the answer holds the bytes from `start` of a file of `total` bytes; throws when the source is another file. */
async function isWhatWasAsked(
  url: string,
  { status, headers }: Response,
  { path, start, total }: { path: string; start: number; total: number },
): Promise<boolean> {
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  const length = status === 200 ? headers.get('content-length') : range?.[2];
  if (length && length !== '*' && Number(length) !== total) {
    throw new TextRecognizerError(
      'DOWNLOAD_FAILED',
      `${url} now has ${length} bytes instead of ${total}: it is another file than the one whose checksum is known.`,
    );
  }
  if (status === 200 || (status === 206 && Number(range?.[1]) === start)) return true;
  await rm(path, { force: true });
  return false;
}

async function append(
  { body }: Response,
  path: string,
  { start, total, url, onBytes }: { start: number; total: number; url: string; onBytes: (bytes: number) => void },
): Promise<void> {
  const file = await open(path, start === 0 ? 'w' : 'a').catch((error: unknown) => {
    throw explainWrite(path, error);
  });
  try {
    let bytes = start;
    for await (const chunk of body ?? []) {
      await file.writeFile(chunk as Uint8Array);
      bytes += (chunk as Uint8Array).length;
      if (bytes > total) throw tooLong(url, total);
      onBytes(bytes);
    }
    if (bytes < total) throw new Error(`the connection ended after ${bytes} of ${total} bytes`);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? diskFull(path, total, error) : error;
  } finally {
    await file.close();
  }
}

function tooLong(url: string, total: number): TextRecognizerError {
  return new TextRecognizerError('DOWNLOAD_FAILED', `${url} sends more than the ${total} bytes that it should have.`);
}

function diskFull(path: string, total: number, cause: unknown): TextRecognizerError {
  return new TextRecognizerError(
    'DISK_FULL',
    `The disk is full at ${path}; the whole file has ${total} bytes. Make room and start again: it resumes where it stopped.`,
    { cause },
  );
}
