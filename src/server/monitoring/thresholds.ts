/** The upper tail of a value under no drift: its square exceeds x² with probability exp(intercept − slope · x²). */
export interface Tail {
  readonly intercept: number;
  /** 0 where the value never differed from 0. */
  readonly slope: number;
}

/** The tail is fitted to this share of the largest values. */
const TAIL_SHARE = 0.1;

/**
 * Fits a tail to values that a bootstrap gave, by the mean excess of their squares: the exponential law's likeliest slope, less its
 * standard error, so that what is beyond the values is rather too far than too near.
 */
export function fitTail(values: readonly number[]): Tail {
  const squares = values.map((value) => value * value).sort((a, b) => b - a);
  const count = Math.max(2, Math.floor(TAIL_SHARE * squares.length));
  const level = squares[count];
  const excess = squares.slice(0, count).reduce((sum, square) => sum + square - level, 0) / count;
  if (!(excess > 0)) return { intercept: 0, slope: 0 };
  const slope = (1 - 1 / Math.sqrt(count)) / excess;
  return { intercept: Math.log(count / squares.length) + slope * level, slope };
}

/** What a value exceeds with so small a probability. */
export function tailQuantile({ intercept, slope }: Tail, probability: number): number {
  return slope === 0 ? 0 : Math.sqrt(Math.max(0, (intercept - Math.log(probability)) / slope));
}

/**
 * The share of a window that may show what `reference` requests never showed, with so small a probability: they may have missed what is
 * in up to 4 of as many, and the number in the window is Poisson's.
 */
export function unseenShare(reference: number, window: number, probability: number): number {
  const mean = (4 * window) / reference;
  let [term, below, count] = [Math.exp(-mean), 0, 0];
  while (1 - below - term > probability && count < window) {
    below += term;
    term *= mean / ++count;
  }
  return (count + 1) / window;
}

/** Tails are estimated: only this share of the false alarms that are allowed is planned for. */
const PLANNED_SHARE = 0.5;

/** The probability of a false alarm that each comparison may have, so that all together give one in `expectedRunTime` requests at most. */
export function probabilityEach(expectedRunTime: number, every: number, comparisons: number): number {
  return (PLANNED_SHARE * every) / (expectedRunTime * comparisons);
}
