import { existsSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TextRecognizerError } from '../errors.ts';
import { makeFolder } from './explain-write.ts';
import { hashFile } from './hash-file.ts';
import { receiveBytes } from './receive-bytes.ts';

/** A file on a server, and how to know that it is the right one: a sha256, or an md5 where no better is known. */
export interface RemoteFile {
  readonly url: string;
  readonly bytes: number;
  readonly sha256?: string;
  readonly md5?: string;
}

/** How far a download is. */
export interface DownloadProgress {
  readonly url: string;
  readonly bytes: number;
  readonly totalBytes: number;
  /** Mean over this call; what an earlier one left does not count. */
  readonly bytesPerSecond: number;
  readonly secondsLeft: number;
}

export interface DownloadOptions {
  /** Called about ten times a second, and at the end. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Stops the download; what has come stays for the next call. */
  readonly signal?: AbortSignal;
  /** Seconds without a byte after which a connection counts as dead; default 30. */
  readonly stallSeconds?: number;
  /** Attempts in a row that may bring nothing before the download fails; default 5. */
  readonly retries?: number;
  /** Seconds before the first retry, doubled for each further one; default 1. */
  readonly retrySeconds?: number;
}

/**
 * Downloads `remote` to `path`, where it appears only whole and verified. What arrives is kept in `PATH.part`, and a later attempt
 * or call resumes from there. A file that is there already is verified instead. Throws `DOWNLOAD_FAILED`, `CHECKSUM_MISMATCH`,
 * `DISK_FULL` or `FILE_NOT_WRITABLE`, and says what to do.
 */
export async function downloadFile(remote: RemoteFile, path: string, options: DownloadOptions = {}): Promise<void> {
  if (existsSync(path)) return verify(remote, path, `Delete ${path} and download it again.`);
  const part = `${path}.part`;
  await makeFolder(dirname(path));
  await receiveAll(remote, part, path, options);
  try {
    verify(
      remote,
      part,
      'What came was deleted: try again, and if that fails too, the file at the source has changed.',
    );
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await rename(part, path);
}

/** Attempts until all bytes are in `part`; only attempts that bring nothing count against `retries`. */
async function receiveAll(remote: RemoteFile, part: string, path: string, options: DownloadOptions): Promise<void> {
  const { retries = 5, retrySeconds = 1, signal } = options;
  const progress = progressReporter(remote, sizeOf(part), options);
  let failures = 0;
  for (let have = sizeOf(part); have !== remote.bytes; have = sizeOf(part)) {
    if (have > remote.bytes) await rm(part);
    try {
      await receiveBytes(remote, part, sizeOf(part), { ...options, onBytes: progress });
      failures = 0;
    } catch (error) {
      if (error instanceof TextRecognizerError) throw error;
      if (signal?.aborted) throw stopped(remote, part, error);
      failures = sizeOf(part) > have ? 1 : failures + 1;
      if (failures > retries) throw gaveUp(remote, path, error);
      await delay(retrySeconds * 1000 * 2 ** (failures - 1), undefined, { signal }).catch(() => undefined);
      if (signal?.aborted) throw stopped(remote, part, signal.reason);
    }
  }
  await sync(part);
}

function progressReporter({ url, bytes: totalBytes }: RemoteFile, start: number, { onProgress }: DownloadOptions) {
  const began = performance.now();
  let told = -Infinity;
  return (bytes: number): void => {
    const now = performance.now();
    if (onProgress === undefined || (now - told < 100 && bytes < totalBytes)) return;
    told = now;
    const bytesPerSecond = (Math.max(0, bytes - start) * 1000) / Math.max(1, now - began);
    onProgress({ url, bytes, totalBytes, bytesPerSecond, secondsLeft: (totalBytes - bytes) / bytesPerSecond });
  };
}

function verify({ url, bytes, sha256, md5 }: RemoteFile, path: string, cure: string): void {
  const found = sizeOf(path);
  if (found !== bytes) {
    throw new TextRecognizerError(
      'CHECKSUM_MISMATCH',
      `${path} has ${found} bytes, ${url} should have ${bytes}. ${cure}`,
    );
  }
  const [algorithm, expected] = sha256 === undefined ? (['md5', md5] as const) : (['sha256', sha256] as const);
  const hash = hashFile(path, algorithm);
  if (hash === expected) return;
  throw new TextRecognizerError(
    'CHECKSUM_MISMATCH',
    `${path} has the ${algorithm} ${hash}, ${url} should have ${expected}. ${cure}`,
  );
}

function stopped({ url, bytes }: RemoteFile, part: string, cause: unknown): TextRecognizerError {
  return new TextRecognizerError(
    'DOWNLOAD_FAILED',
    `The download of ${url} was stopped at ${sizeOf(part)} of ${bytes} bytes. Start it again to resume from there.`,
    { cause },
  );
}

function gaveUp({ url }: RemoteFile, path: string, error: unknown): TextRecognizerError {
  return new TextRecognizerError(
    'DOWNLOAD_FAILED',
    `Cannot download ${url}: ${(error as Error).message}. Check the network and start it again (it resumes where it stopped), ` +
      `or fetch the file in another way and put it at ${path}.`,
    { cause: error },
  );
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync().finally(() => file.close());
}
