import { expect, test } from 'vitest';
import { memoryDataset } from '../../datasets/memory-dataset.ts';
import { sharedImages } from './shared-images.ts';

function pairs(...pixels: readonly (readonly [number, number])[]) {
  const images = Uint8Array.from(pixels.flat());
  const labels = new Uint8Array(pixels.length);
  return memoryDataset({ name: 'pairs', classes: ['a'], height: 1, width: 2, images, labels });
}

test('counts the images of a test set that are in the training data, however they are labelled', () => {
  expect(sharedImages(pairs([1, 2], [3, 4], [3, 4], [5, 6]), pairs([3, 4], [2, 1], [5, 7]))).toBe(2);
  expect(sharedImages(pairs([1, 2]), pairs([2, 1]))).toBe(0);
});
