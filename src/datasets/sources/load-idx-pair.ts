import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import type { Dataset } from '../dataset.ts';
import { guessClasses } from './guess-classes.ts';
import { readIdxFile, type IdxArray } from './idx.ts';
import { looksTransposed } from './looks-transposed.ts';
import { memoryDataset } from '../memory-dataset.ts';
import { normalizePixels } from './normalize-pixels.ts';
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
  /** Class names in label order; default as `guessClasses` says, which are the 62 of EMNIST ByClass for most. */
  readonly classes?: readonly string[];
  /** With `classes`, the label of the first: 1 for EMNIST Letters, otherwise 0 (default). */
  readonly firstLabel?: number;
  /** Whether images that are inverted, or of 0 and 1, are put right (`auto`) or read `as-stored` (default). */
  readonly pixels?: 'auto' | 'as-stored';
  /** Told what was put right. */
  readonly onNotice?: (message: string) => void;
}

/**
 * Loads `PREFIX-images-idx3-ubyte` and `PREFIX-labels-idx1-ubyte` (or `.idx3-ubyte`), each plain or with `.gz`, into shared memory.
 * Throws `FILE_NOT_FOUND`, `FILE_CORRUPT`, or `DATASET_INVALID` when counts differ or a label has no class.
 */
export async function loadIdxPair(prefix: string, options: IdxPairOptions = {}): Promise<Dataset> {
  const imagesPath = findIdx(prefix, 'images');
  const labelsPath = findIdx(prefix, 'labels');
  const [images, labels] = await Promise.all([readIdxFile(imagesPath, 3), readIdxFile(labelsPath, 1)]);
  return idxDataset(images, labels, { name: basename(prefix), ...options });
}

/** Whether both files of the pair are there. */
export function hasIdxPair(prefix: string): boolean {
  return ['images', 'labels'].every((part) => candidates(prefix, part).some((path) => existsSync(path)));
}

/** The dataset that idx `images` `[count, height, width]` and `labels` `[count]` make up; changes both in place. */
export function idxDataset(images: IdxArray, labels: IdxArray, options: IdxPairOptions & { name: string }): Dataset {
  const { name, transpose = false, pixels = 'as-stored', onNotice } = options;
  const [count, rows, columns] = images.dims;
  if (count !== labels.dims[0]) {
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `${name}: ${count} images but ${labels.dims[0]} labels; the two files do not belong together.`,
    );
  }
  if (count === 0 || rows * columns === 0) {
    const size = count === 0 ? '' : ` with pixels, only of ${rows}×${columns}`;
    throw new TextRecognizerError('DATASET_INVALID', `${name} holds no images${size}: fetch or make it again.`);
  }
  const guessed = guessClasses(labels.data, name);
  const { classes = guessed.classes, firstLabel = options.classes ? 0 : guessed.firstLabel } = options;
  if (!options.classes && guessed.classes.length === 26) {
    onNotice?.(
      `${name}: its labels ${firstLabel} to ${firstLabel + 25} are read as the letters A to Z; labels=byclass reads classes of EMNIST ByClass.`,
    );
  }
  if (pixels === 'auto') {
    const done = normalizePixels(images.data, rows, columns);
    if (done) onNotice?.(`${name}: ${done}. loadIdxPair of the library reads pixels as stored.`);
  }
  shiftLabels(name, labels.data, firstLabel, classes.length);
  const parts = { name, classes, images: images.data, labels: labels.data };
  const asStored = memoryDataset({ ...parts, height: rows, width: columns });
  if (transpose === false || (transpose === 'auto' && !looksTransposed(asStored))) return asStored;
  if (transpose === 'auto')
    onNotice?.(`${name}: its images, with rows and columns exchanged, were turned upright; transposed=no leaves them.`);
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

function findIdx(prefix: string, part: 'images' | 'labels'): string {
  const paths = candidates(prefix, part);
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new TextRecognizerError('FILE_NOT_FOUND', `There is neither ${paths.join(' nor ')}.`);
}

/** Some archives, and Windows after unpacking them, have a dot before `idx`. */
function candidates(prefix: string, part: string): string[] {
  const rank = part === 'images' ? 3 : 1;
  return ['-', '.'].flatMap((mark) => {
    const path = `${prefix}-${part}${mark}idx${rank}-ubyte`;
    return [`${path}.gz`, path];
  });
}
