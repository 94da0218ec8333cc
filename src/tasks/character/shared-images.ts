import { createHash } from 'node:crypto';
import type { Dataset } from '../../datasets/dataset.ts';

/** How many images of `test` are in `train`, too, pixel by pixel. */
export function sharedImages(test: Dataset, train: Dataset): number {
  const trained = new Set<string>();
  for (const hash of imageHashes(train)) trained.add(hash);
  let shared = 0;
  for (const hash of imageHashes(test)) if (trained.has(hash)) shared++;
  return shared;
}

function* imageHashes({ length, height, width, read }: Dataset): Generator<string> {
  const image = new Uint8Array(height * width);
  for (let i = 0; i < length; i++) {
    read([i], image);
    yield createHash('sha1').update(image).digest('base64');
  }
}
