import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { hashFile } from '../../files/hash-file.ts';
import { checkRead } from '../check-read.ts';
import type { Dataset } from '../dataset.ts';
import { checkClasses, checkLabels } from '../memory-dataset.ts';
import { partOf, partStarts } from '../part-of.ts';
import { readManifest, type ShardManifest } from './shard-manifest.ts';
import { toShared } from '../shared-memory.ts';

/**
 * When the sha256 of a shard is checked: all of them on opening, each before it is first read, or never (sizes always are, on
 * opening, and so are the labels).
 */
export type ShardVerification = 'open' | 'read' | 'never';

/**
 * Opens a dataset that `writeShards` wrote; images stay on disk, so memory is a byte per item whatever the size. Throws
 * `DATASET_NOT_FOUND`, `DATASET_INVALID`, `FILE_NOT_FOUND`, `FILE_CORRUPT` or `CHECKSUM_MISMATCH`, and says which file.
 */
export async function openShards(folder: string, options: { verify?: ShardVerification } = {}): Promise<Dataset> {
  const { verify = 'open' } = options;
  const manifest = await readManifest(folder);
  const { name, classes, height, width, count: length } = manifest;
  checkClasses(name, classes);
  const size = height * width;
  const shards = manifest.shards.map(({ file, count, sha256 }) => ({ path: join(folder, file), count, sha256 }));
  const starts = partStarts(shards.map(({ count }) => count));
  const verified = shards.map(() => verify === 'never');

  for (const { path, count } of shards) checkSize(path, count * size);
  if (verify === 'open') shards.forEach((_, shard) => check(shard));
  const labels = readLabels(folder, manifest);

  function check(shard: number): void {
    if (verified[shard]) return;
    checkHash(shards[shard].path, shards[shard].sha256);
    verified[shard] = true;
  }

  function read(indices: ArrayLike<number>, images: Uint8Array): void {
    checkRead({ name, length, height, width }, indices, images);
    // In the order of the disk: every shard is opened once, and closed again, so that nothing is left to close.
    const positions = Array.from(indices, (_, position) => position).sort((a, b) => indices[a] - indices[b]);
    for (let next = 0; next < positions.length;) {
      const shard = partOf(starts, indices[positions[next]]);
      check(shard);
      withFile(shards[shard].path, (file) => {
        for (; next < positions.length && indices[positions[next]] < starts[shard + 1]; next++) {
          const position = positions[next];
          const target = images.subarray(position * size, (position + 1) * size);
          readFully(file, shards[shard].path, target, (indices[position] - starts[shard]) * size);
        }
      });
    }
  }

  return { name, classes, length, height, width, labels, read, source: { kind: 'shards', folder: resolve(folder) } };
}

function readLabels(folder: string, manifest: ShardManifest): Uint8Array {
  const path = join(folder, manifest.labels.file);
  checkSize(path, manifest.count);
  checkHash(path, manifest.labels.sha256);
  const labels = new Uint8Array(manifest.count);
  withFile(path, (file) => readFully(file, path, labels, 0));
  checkLabels(manifest.name, manifest.classes, labels);
  return toShared(labels);
}

function checkSize(path: string, size: number): void {
  const found = statSync(path, { throwIfNoEntry: false })?.size;
  if (found === size) return;
  if (found === undefined)
    throw new TextRecognizerError('FILE_NOT_FOUND', `${path} is missing: write the dataset again.`);
  throw truncated(path, found, size);
}

function checkHash(path: string, sha256: string): void {
  const found = hashFile(path);
  if (found === sha256) return;
  throw new TextRecognizerError(
    'CHECKSUM_MISMATCH',
    `${path} has the sha256 ${found}, but the manifest says ${sha256}: the file was changed; write the dataset again.`,
  );
}

function withFile(path: string, use: (file: number) => void): void {
  const file = openFile(path);
  try {
    use(file);
  } finally {
    closeSync(file);
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new TextRecognizerError(
      'FILE_NOT_FOUND',
      `Cannot open ${path} (${(cause as Error).message}): was the dataset moved or deleted while it was in use?`,
      { cause },
    );
  }
}

function readFully(file: number, path: string, target: Uint8Array, position: number): void {
  for (let done = 0; done < target.length;) {
    const bytes = readSync(file, target, done, target.length - done, position + done);
    if (bytes === 0) throw truncated(path, position + done, position + target.length);
    done += bytes;
  }
}

function truncated(path: string, found: number, expected: number): TextRecognizerError {
  return new TextRecognizerError(
    'FILE_CORRUPT',
    `${path} has ${found} bytes instead of ${expected}: write the dataset again.`,
  );
}
