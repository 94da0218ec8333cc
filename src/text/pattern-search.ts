/** A pair of numbers. */
export type Pair = readonly [number, number];

export interface PatternSearchOptions {
  /** Pairs to begin from: the best of them is taken. */
  readonly starts: readonly Pair[];
  /** How far the first moves go. */
  readonly steps: Pair;
  /** How often the moves are halved where none of them helps. */
  readonly refinements: number;
}

/** Along both axes, and along the diagonal on which both grow: a valley that runs diagonally ends every search without it. */
const directions: readonly Pair[] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1],
  [-1, -1],
];

/**
 * The pair with the lowest cost that a pattern search finds (Hooke and Jeeves 1961, "Direct search"), and that cost; no pair is
 * asked for twice.
 */
export function patternSearch(
  cost: (pair: Pair) => number,
  options: PatternSearchOptions,
): { readonly pair: Pair; readonly cost: number } {
  const known = new Map<string, number>();
  const costOf = (pair: Pair): number => {
    const key = pair.join(' ');
    if (!known.has(key)) known.set(key, cost(pair));
    return known.get(key)!;
  };
  const lowest = (pairs: readonly Pair[]) => pairs.reduce((best, pair) => (costOf(pair) < costOf(best) ? pair : best));
  let best = lowest(options.starts);
  let [x, y] = options.steps;
  for (let refinement = 0; refinement < options.refinements;) {
    const [left, right] = best;
    const better = lowest([best, ...directions.map(([dx, dy]): Pair => [left + dx * x, right + dy * y])]);
    if (better === best) {
      [x, y] = [x / 2, y / 2];
      refinement++;
    }
    best = better;
  }
  return { pair: best, cost: costOf(best) };
}
