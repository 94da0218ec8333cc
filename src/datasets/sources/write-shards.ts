import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { jsonDigest } from '../../files/json-digest.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import type { Dataset } from '../dataset.ts';
import { checkClasses, checkLabels } from '../memory-dataset.ts';
import { MANIFEST_FILE, type ShardManifest } from './shard-manifest.ts';

/** What is to be written: items one by one, so that the whole never needs to be in memory. */
export interface ShardContent extends Pick<Dataset, 'name' | 'classes' | 'height' | 'width'> {
  readonly items: Iterable<ShardItem> | AsyncIterable<ShardItem>;
}

export interface ShardItem {
  /** `[height, width]`, uint8; may be used again by the writer of the next item. */
  readonly image: Uint8Array;
  readonly label: number;
}

export interface ShardOptions {
  /** Default 16,384: 12.8 MB per shard of 28×28 images. */
  readonly itemsPerShard?: number;
}

/**
 * Writes a dataset as shards into `folder`: memory for one shard, the manifest last. Throws `INVALID_ARGUMENT` when a dataset is
 * there already, `DATASET_INVALID` for an item that does not fit.
 */
export async function writeShards(folder: string, content: ShardContent, options: ShardOptions = {}): Promise<void> {
  const { itemsPerShard = 16_384 } = options;
  const { name, classes, height, width } = content;
  checkClasses(name, classes);
  checkTarget(folder, itemsPerShard);

  const labels: Uint8Array[] = [];
  const shards: ShardManifest['shards'] = [];
  const buffer = {
    images: new Uint8Array(itemsPerShard * height * width),
    labels: new Uint8Array(itemsPerShard),
    count: 0,
  };

  async function flush(): Promise<void> {
    const file = `images-${String(shards.length).padStart(5, '0')}.bin`;
    const sha256 = await writeHashed(join(folder, file), buffer.images.subarray(0, buffer.count * height * width));
    shards.push({ file, count: buffer.count, sha256 });
    labels.push(buffer.labels.slice(0, buffer.count));
    buffer.count = 0;
  }

  for await (const { image, label } of content.items) {
    checkItem(content, image, label);
    buffer.images.set(image, buffer.count * height * width);
    buffer.labels[buffer.count++] = label;
    if (buffer.count === itemsPerShard) await flush();
  }
  if (buffer.count > 0) await flush();

  const allLabels = Buffer.concat(labels);
  const labelFile = { file: 'labels.bin', sha256: await writeHashed(join(folder, 'labels.bin'), allLabels) };
  const manifest: ShardManifest = {
    format: 'text-recognizer-shards',
    version: 1,
    name,
    classes: [...classes],
    height,
    width,
    count: allLabels.length,
    labels: labelFile,
    shards,
  };
  await writeFileAtomic(
    join(folder, MANIFEST_FILE),
    `${JSON.stringify({ ...manifest, digest: await jsonDigest(manifest) }, null, 2)}\n`,
  );
}

/** A dataset as the content of shards. */
export function shardContent(dataset: Dataset): ShardContent {
  return {
    name: dataset.name,
    classes: dataset.classes,
    height: dataset.height,
    width: dataset.width,
    items: items(dataset),
  };
}

function* items(dataset: Dataset): Generator<ShardItem> {
  const image = new Uint8Array(dataset.height * dataset.width);
  for (let item = 0; item < dataset.length; item++) {
    dataset.read([item], image);
    yield { image, label: dataset.labels[item] };
  }
}

function checkTarget(folder: string, itemsPerShard: number): void {
  if (!Number.isInteger(itemsPerShard) || itemsPerShard < 1) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `itemsPerShard must be a whole number from 1, got ${itemsPerShard}.`,
    );
  }
  if (!existsSync(join(folder, MANIFEST_FILE))) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `${folder} already holds a dataset: delete that folder, or write to another one.`,
  );
}

function checkItem({ name, classes, height, width }: ShardContent, image: Uint8Array, label: number): void {
  checkLabels(name, classes, Uint8Array.of(label));
  if (image.length === height * width) return;
  throw new TextRecognizerError(
    'DATASET_INVALID',
    `${name}: an image has ${image.length} bytes; ${height}×${width} needs ${height * width}.`,
  );
}

async function writeHashed(path: string, bytes: Uint8Array): Promise<string> {
  await writeFileAtomic(path, bytes);
  return createHash('sha256').update(bytes).digest('hex');
}
