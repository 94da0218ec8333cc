import { TextRecognizerError } from '../errors.ts';
import { checkRead } from './check-read.ts';
import type { Dataset, DatasetSource } from './dataset.ts';
import { toShared } from './shared-memory.ts';

/** What a dataset in memory is made of. */
export interface MemoryDatasetParts {
  readonly name: string;
  readonly classes: readonly string[];
  readonly height: number;
  readonly width: number;
  /** `[length, height, width]`, uint8. Not copied when it lies in a SharedArrayBuffer. */
  readonly images: Uint8Array;
  /** `[length]`, each an index into `classes`. */
  readonly labels: Uint8Array;
}

/** A dataset whose uint8 pixels lie in memory that all threads share; throws `DATASET_INVALID` when the parts disagree. */
export function memoryDataset(parts: MemoryDatasetParts): Dataset {
  checkParts(parts);
  const { name, classes, height, width } = parts;
  const images = toShared(parts.images);
  const labels = toShared(parts.labels);
  const length = labels.length;
  const size = height * width;
  const source: DatasetSource = { kind: 'memory', name, classes, height, width, images, labels };

  function read(indices: ArrayLike<number>, target: Uint8Array): void {
    checkRead({ name, length, height, width }, indices, target);
    for (let i = 0; i < indices.length; i++) {
      const start = indices[i] * size;
      target.set(images.subarray(start, start + size), i * size);
    }
  }

  return { name, classes, length, height, width, labels, read, source };
}

function checkParts({ name, classes, height, width, images, labels }: MemoryDatasetParts): void {
  if (!Number.isInteger(height) || !Number.isInteger(width) || height < 1 || width < 1) {
    throw new TextRecognizerError('DATASET_INVALID', `${name}: images of ${height}×${width} pixels cannot be.`);
  }
  checkClasses(name, classes);
  if (images.length !== labels.length * height * width) {
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `${name}: ${labels.length} labels need ${labels.length} images of ${height}×${width} = ` +
        `${labels.length * height * width} bytes; there are ${images.length}.`,
    );
  }
  checkLabels(name, classes, labels);
}

/** Throws `DATASET_INVALID` unless there are 1 to 256 distinct class names. */
export function checkClasses(name: string, classes: readonly string[]): void {
  if (classes.length < 1 || classes.length > 256) {
    throw new TextRecognizerError('DATASET_INVALID', `${name}: ${classes.length} classes; 1 to 256 are possible.`);
  }
  const repeated = classes.find((label, index) => classes.indexOf(label) !== index);
  if (repeated === undefined) return;
  throw new TextRecognizerError('DATASET_INVALID', `${name}: the class ${JSON.stringify(repeated)} is named twice.`);
}

/** Throws `DATASET_INVALID` at the first label that is not an index into `classes`. */
export function checkLabels(name: string, classes: readonly string[], labels: Uint8Array): void {
  const at = labels.findIndex((label) => label >= classes.length);
  if (at < 0) return;
  throw new TextRecognizerError(
    'DATASET_INVALID',
    `${name}: item ${at} has label ${labels[at]}, but labels run from 0 to ${classes.length - 1}.`,
  );
}
