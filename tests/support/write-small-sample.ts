import { join } from 'node:path';
import { encodeIdxGzip } from '../../src/datasets/sources/idx.ts';
import { openDataset } from '../../src/datasets/registry.ts';
import { writeFileAtomic } from '../../src/files/write-file-atomic.ts';

/** Writes every so many images of the bundled training sample as an idx pair of their own; returns its prefix. */
export async function writeSmallSample(folder: string, every: number): Promise<string> {
  const { length, height, width, labels, read } = await openDataset('emnist-sample-train', { root: folder });
  const items = Array.from({ length: Math.ceil(length / every) }, (_, i) => i * every);
  const images = new Uint8Array(items.length * height * width);
  read(items, images);
  const prefix = join(folder, 'small-sample');
  await writeFileAtomic(`${prefix}-images-idx3-ubyte.gz`, encodeIdxGzip([items.length, height, width], images));
  await writeFileAtomic(
    `${prefix}-labels-idx1-ubyte.gz`,
    encodeIdxGzip(
      [items.length],
      Uint8Array.from(items, (i) => labels[i]),
    ),
  );
  return prefix;
}
