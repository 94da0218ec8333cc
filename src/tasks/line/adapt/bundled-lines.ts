import type { LineDataset } from '../../../datasets/lines/line-dataset.ts';
import { openLines } from '../../../datasets/lines/line-registry.ts';
import { linesFromImages } from '../../../datasets/lines/memory-lines.ts';
import { Random } from '../../../random/random.ts';

/** How many lines of others there are. */
const count = 100;

/**
 * Lines to keep in practice with, of no hand in particular: sentences set from single characters of the EMNIST sample, drawn anew each time.
 */
export async function practiceLines(): Promise<LineDataset> {
  return await openLines('emnist-lines-64-train', { root: '', characters: 'emnist-sample-train' });
}

/** Lines of others that come with the package: set likewise, from characters and sentences that no training has seen. */
export async function bundledOthers(): Promise<LineDataset> {
  const all = await openLines('emnist-lines-64-test', { root: '', characters: 'emnist-sample-test' });
  const lines = all.lines.slice(0, count);
  const images = lines.map((_, i) => all.image(i, Random.of(0, i)));
  return linesFromImages('emnist-lines', images, lines);
}
