import type { LineDataset } from '../../../datasets/lines/line-dataset.ts';
import { subsetLines } from '../../../datasets/lines/memory-lines.ts';
import { Random } from '../../../random/random.ts';

/** A part of some lines that is held out, and the rest. */
export interface Fold {
  readonly train: LineDataset;
  readonly heldOut: LineDataset;
}

/**
 * Divides lines in memory into `count` parts of about the same size, each held out once. Pages stay whole where there are at least as many
 * as parts: lines of one page share pen, paper and words.
 */
export function foldsOf(dataset: LineDataset, count: number, seed: number): Fold[] {
  const all = dataset.lines.map((_, i) => i);
  const pages = new Map<string, number[]>();
  for (const i of all) {
    const page = dataset.lines[i].page ?? `line ${i}`;
    pages.set(page, [...(pages.get(page) ?? []), i]);
  }
  const groups = pages.size >= count ? [...pages.values()] : all.map((i) => [i]);
  const parts: number[][] = Array.from({ length: count }, () => []);
  const largestFirst = Random.of(seed, FOLDS)
    .shuffle(groups)
    .sort((a, b) => b.length - a.length);
  for (const group of largestFirst) parts.toSorted((a, b) => a.length - b.length)[0].push(...group);
  return parts.map((heldOut) => {
    const held = new Set(heldOut);
    const train = all.filter((i) => !held.has(i));
    return { train: subsetLines(dataset, train), heldOut: subsetLines(dataset, heldOut) };
  });
}

/** The stream of chances of the division. */
const FOLDS = 0x666f6c64;
