import { TextRecognizerError } from '../../errors.ts';
import { Random } from '../../random/random.ts';
import type { LineDataset } from './line-dataset.ts';
import { subsetLines } from './memory-lines.ts';

/**
 * Keeps about `share` of a data set in memory aside, whole pages at a time, so that no page is in both parts; a line that
 * names no page is one by itself. Throws `INVALID_ARGUMENT` for a share that leaves one part empty.
 */
export function splitPages(
  dataset: LineDataset,
  share: number,
  seed: number,
): { readonly kept: LineDataset; readonly aside: LineDataset } {
  const pages = new Map<string, number[]>();
  dataset.lines.forEach(({ page, id }, index) => {
    const name = page === undefined ? `line ${id}` : `page ${page}`;
    pages.set(name, [...(pages.get(name) ?? []), index]);
  });
  const asideCount = Math.round(share * dataset.length);
  const aside = new Set<number>();
  for (const lines of Random.of(seed, pages.size).shuffle([...pages.values()])) {
    if (aside.size >= asideCount) break;
    for (const line of lines) aside.add(line);
  }
  const indices = dataset.lines.map((_, index) => index);
  const parts = [false, true].map((isAside) => indices.filter((index) => aside.has(index) === isAside));
  if (parts.some(({ length }) => length === 0)) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `Setting ${share} of the ${pages.size} pages of ${dataset.name} aside leaves a part empty; choose another share.`,
    );
  }
  const [kept, set] = parts;
  return { kept: subsetLines(dataset, kept), aside: subsetLines(dataset, set, `${dataset.name}-aside`) };
}
