import type { Point } from '../../images/affine.ts';
import { polygonOverlap } from '../../images/polygon-overlap.ts';

type Polygon = readonly Point[];

export interface LineMatches {
  /** Indices of lines that were found and that are there, each at most once. */
  readonly pairs: readonly { readonly found: number; readonly wanted: number; readonly overlap: number }[];
  /** Finds that count: without those that lie in what is neither right nor wrong. */
  readonly found: number;
  readonly wanted: number;
  /** Indices of the finds that do not. */
  readonly ignored: readonly number[];
}

/** A find of which more than this share lies in ignored regions does not count. */
const IGNORED_SHARE = 0.5;

/**
 * Matches found lines with those of the truth one to one, the largest intersection over union first, where it reaches `least`.
 * Unmatched finds that lie mainly in `ignored` are left out of account.
 */
export function matchLines(
  found: readonly Polygon[],
  wanted: readonly Polygon[],
  ignored: readonly Polygon[] = [],
  least = 0.5,
): LineMatches {
  const candidates = found
    .flatMap((a, i) => wanted.map((b, j) => ({ found: i, wanted: j, overlap: polygonOverlap(a, b).overUnion })))
    .filter(({ overlap }) => overlap >= least)
    .sort((a, b) => b.overlap - a.overlap);
  const [takenFound, takenWanted] = [new Set<number>(), new Set<number>()];
  const pairs = candidates.filter((pair) => {
    if (takenFound.has(pair.found) || takenWanted.has(pair.wanted)) return false;
    takenFound.add(pair.found);
    takenWanted.add(pair.wanted);
    return true;
  });
  const isIgnored = (polygon: Polygon) =>
    ignored.some((region) => polygonOverlap(polygon, region).ofFirst > IGNORED_SHARE);
  const left = found.map((_, i) => i).filter((i) => !takenFound.has(i) && isIgnored(found[i]));
  return { pairs, found: found.length - left.length, wanted: wanted.length, ignored: left };
}

type Counts = Omit<LineMatches, 'ignored'>;

/** Of some pages together: precision, recall and their harmonic mean, in [0, 1]. */
export function findingRates(pages: readonly Counts[]): { precision: number; recall: number; f1: number } {
  const total = (value: (page: Counts) => number) => pages.reduce((sum, page) => sum + value(page), 0);
  const [pairs, found, wanted] = [
    ({ pairs }: Counts) => pairs.length,
    ({ found }: Counts) => found,
    ({ wanted }: Counts) => wanted,
  ].map(total);
  const ratio = (part: number, whole: number) => (whole === 0 ? 1 : part / whole);
  return { precision: ratio(pairs, found), recall: ratio(pairs, wanted), f1: ratio(2 * pairs, found + wanted) };
}
