import type { Dataset } from '../../../datasets/dataset.ts';
import { memoryDataset } from '../../../datasets/memory-dataset.ts';
import { Random } from '../../../random/random.ts';

/** 8 × 8 images with a bar at a random place: class `-` lying, class `|` standing. */
export function bars(length: number, seed = 1): Dataset {
  const random = Random.of(seed);
  const labels = Uint8Array.from({ length }, (_, i) => i % 2);
  const images = new Uint8Array(length * 64);
  labels.forEach((label, i) => {
    const at = random.below(8);
    for (let j = 0; j < 8; j++) images[i * 64 + (label === 0 ? at * 8 + j : j * 8 + at)] = 255;
  });
  return memoryDataset({ name: 'bars', classes: ['-', '|'], height: 8, width: 8, images, labels });
}
