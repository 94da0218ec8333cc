import type { Dataset } from '../dataset.ts';

/** Classes whose images are upright strokes. */
const STROKES = new Set(['1', 'l', 'I']);
const ENOUGH = 20;
const ENOUGH_OF_ALL = 50;
const ENOUGH_CLASSES = 10;
const AT_MOST = 500;

/**
 * Whether the images of `dataset` have rows and columns exchanged, as in NIST's own EMNIST files: whether 1, l and I lie instead of
 * standing (99 % of them do in EMNIST). Where fewer than 20 of them are there to tell, whether most characters are wider than high, of
 * at least 50 in 10 classes: 32 % are in EMNIST, upright. False where there are too few of these, too.
 */
export function looksTransposed(dataset: Dataset): boolean {
  const items: number[] = [];
  for (let item = 0; item < dataset.length && items.length < AT_MOST; item++) {
    if (STROKES.has(dataset.classes[dataset.labels[item]])) items.push(item);
  }
  if (items.length >= ENOUGH) return lyingShare(dataset, items) > 0.75;
  const all = Array.from({ length: Math.min(AT_MOST, dataset.length) }, (_, item) => item);
  const classes = new Set(dataset.labels.subarray(0, all.length)).size;
  return all.length >= ENOUGH_OF_ALL && classes >= ENOUGH_CLASSES && lyingShare(dataset, all) > 0.5;
}

/** The share of `items` whose ink spreads further along x than along y. */
function lyingShare(dataset: Dataset, items: readonly number[]): number {
  const { height, width } = dataset;
  const image = new Uint8Array(height * width);
  let lying = 0;
  for (const item of items) {
    dataset.read([item], image);
    const { x, y } = inkVariance(image, height, width);
    if (x > y) lying++;
  }
  return lying / items.length;
}

/** How far the ink of `image` `[height, width]` spreads about its centre, in squared pixels along x and y. */
function inkVariance(image: Uint8Array, height: number, width: number): { x: number; y: number } {
  const sums = { ink: 0, x: 0, y: 0, xx: 0, yy: 0 };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const ink = image[y * width + x];
      sums.ink += ink;
      sums.x += ink * x;
      sums.y += ink * y;
      sums.xx += ink * x * x;
      sums.yy += ink * y * y;
    }
  }
  const mean = (sum: number) => sum / Math.max(1, sums.ink);
  return { x: mean(sums.xx) - mean(sums.x) ** 2, y: mean(sums.yy) - mean(sums.y) ** 2 };
}
