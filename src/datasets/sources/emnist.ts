import { statSync } from 'node:fs';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { withZipEntry } from '../../files/zip-entry.ts';
import type { Dataset } from '../dataset.ts';
import { EMNIST_SPLITS, type EmnistPart, type EmnistSplit } from './emnist-classes.ts';
import { readIdxGzip, type IdxArray } from './idx.ts';
import { idxDataset, loadIdxPair } from './load-idx-pair.ts';

/** Which part of EMNIST to load. */
export interface EmnistOptions {
  readonly split: EmnistSplit;
  readonly part: EmnistPart;
  /** Whether rows and columns are exchanged in the files. Default true: so are NIST's, in the archive and as single files. */
  readonly transposed?: boolean;
}

/**
 * Loads a part of EMNIST, upright, into shared memory (ByClass train: 547 MB) from `source`: NIST's `gzip.zip`, or a folder of its
 * `emnist-SPLIT-PART-images-idx3-ubyte.gz`. Throws `FILE_NOT_FOUND`, `FILE_CORRUPT` or `DATASET_INVALID`.
 */
export async function loadEmnist(source: string, options: EmnistOptions): Promise<Dataset> {
  const { split, part, transposed = true } = options;
  const { classes, firstLabel } = EMNIST_SPLITS[split];
  const name = `emnist-${split}-${part}`;
  const pair = { name, classes, firstLabel, transpose: transposed };
  if (isFolder(source)) return loadIdxPair(join(source, name), pair);

  const images = await readZipped(source, `${name}-images-idx3-ubyte.gz`, 3);
  const labels = await readZipped(source, `${name}-labels-idx1-ubyte.gz`, 1);
  return idxDataset(images, labels, pair);
}

function readZipped(zip: string, file: string, rank: number): Promise<IdxArray> {
  return withZipEntry(zip, file, ({ bytes, size }) =>
    readIdxGzip(bytes, { name: `${file} in ${zip}`, rank, maxBytes: size }),
  );
}

function isFolder(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats !== undefined) return stats.isDirectory();
  throw new TextRecognizerError(
    'FILE_NOT_FOUND',
    `There is no ${path}; EMNIST is read from NIST's gzip.zip or from a folder of its idx files.`,
  );
}
