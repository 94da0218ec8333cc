import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { TextRecognizerError } from '../errors.ts';
import type { Dataset } from './dataset.ts';
import { EMNIST_CLASSES } from './emnist-classes.ts';
import { readIdxFile, type IdxArray } from './idx.ts';
import { looksTransposed } from './looks-transposed.ts';
import { memoryDataset } from './memory-dataset.ts';
import { transposeImages } from './transpose-images.ts';

/** How to read a pair of idx files. */
export interface IdxPairOptions {
  /** Defaults to the last part of the prefix. */
  readonly name?: string;
  /**
   * True for files as NIST publishes EMNIST, whose rows and columns are exchanged; default false: upright. 'auto' looks whether the
   * images of 1, l and I stand or lie.
   */
  readonly transpose?: boolean | 'auto';
  /** Class names in label order; default the 62 of EMNIST ByClass. */
  readonly classes?: readonly string[];
  /** The label of the first class: 1 for EMNIST Letters, otherwise 0 (default). */
  readonly firstLabel?: number;
}

/**
 * Loads `PREFIX-images-idx3-ubyte` and `PREFIX-labels-idx1-ubyte`, each plain or with `.gz`, into shared memory.
 * Throws `FILE_NOT_FOUND`, `FILE_CORRUPT`, or `DATASET_INVALID` when counts differ or a label has no class.
 */
export async function loadIdxPair(prefix: string, options: IdxPairOptions = {}): Promise<Dataset> {
  const imagesPath = findIdx(`${prefix}-images-idx3-ubyte`);
  const labelsPath = findIdx(`${prefix}-labels-idx1-ubyte`);
  const [images, labels] = await Promise.all([readIdxFile(imagesPath, 3), readIdxFile(labelsPath, 1)]);
  return idxDataset(images, labels, { name: basename(prefix), ...options });
}

/** Whether both files of the pair are there. */
export function hasIdxPair(prefix: string): boolean {
  const parts = ['images-idx3-ubyte', 'labels-idx1-ubyte'];
  return parts.every((part) => existsSync(`${prefix}-${part}.gz`) || existsSync(`${prefix}-${part}`));
}

/** The dataset that idx `images` `[count, height, width]` and `labels` `[count]` make up; changes both in place. */
export function idxDataset(images: IdxArray, labels: IdxArray, options: IdxPairOptions & { name: string }): Dataset {
  const { name, classes = EMNIST_CLASSES, transpose = false, firstLabel = 0 } = options;
  const [count, rows, columns] = images.dims;
  if (count !== labels.dims[0]) {
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `${name}: ${count} images but ${labels.dims[0]} labels; the two files do not belong together.`,
    );
  }
  shiftLabels(name, labels.data, firstLabel, classes.length);
  const parts = { name, classes, images: images.data, labels: labels.data };
  const asStored = memoryDataset({ ...parts, height: rows, width: columns });
  if (transpose === false || (transpose === 'auto' && !looksTransposed(asStored))) return asStored;
  transposeImages(images.data, rows, columns);
  return memoryDataset({ ...parts, height: columns, width: rows });
}

function shiftLabels(name: string, labels: Uint8Array, first: number, classes: number): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] - first;
    if (label < 0 || label >= classes) {
      throw new TextRecognizerError(
        'DATASET_INVALID',
        `${name}: item ${i} has label ${labels[i]}, but labels run from ${first} to ${first + classes - 1}.`,
      );
    }
    labels[i] = label;
  }
}

function findIdx(path: string): string {
  const found = [`${path}.gz`, path].find((candidate) => existsSync(candidate));
  if (found !== undefined) return found;
  throw new TextRecognizerError('FILE_NOT_FOUND', `There is neither ${path}.gz nor ${path}.`);
}
