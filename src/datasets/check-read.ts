import { TextRecognizerError } from '../errors.ts';
import type { Dataset } from './dataset.ts';

/** Throws `INVALID_ARGUMENT` unless every index is an item of `dataset` and `images` has room for them all. */
export function checkRead(
  dataset: Pick<Dataset, 'name' | 'length' | 'height' | 'width'>,
  indices: ArrayLike<number>,
  images: Uint8Array,
): void {
  const needed = indices.length * dataset.height * dataset.width;
  if (images.length < needed) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `Reading ${indices.length} images of ${dataset.name} needs ${needed} bytes; the target has ${images.length}.`,
    );
  }
  for (let i = 0; i < indices.length; i++) checkIndex(dataset, indices[i]);
}

/** Throws `INVALID_ARGUMENT` unless `index` is an item of `dataset`. */
export function checkIndex(dataset: Pick<Dataset, 'name' | 'length'>, index: number): void {
  if (Number.isInteger(index) && index >= 0 && index < dataset.length) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `There is no item ${index} in ${dataset.name}: its items are 0 to ${dataset.length - 1}.`,
  );
}
