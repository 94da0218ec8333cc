import { TextRecognizerError } from '../../errors.ts';
import { Random } from '../../random/random.ts';
import type { ItemErrors } from '../../tasks/task.ts';

export interface BootstrapOptions {
  /** Default 10,000. */
  readonly resamples?: number;
  /** Of the interval; default 0.95. */
  readonly confidence?: number;
  readonly seed?: number;
}

/** How much more errors one reader makes than another on the same items. */
export interface PairedDifference {
  readonly items: number;
  /** Σ errors / Σ length. */
  readonly before: number;
  readonly after: number;
  /** after − before: above 0 is worse. */
  readonly difference: number;
  /** The interval that holds the difference with the confidence asked for. */
  readonly low: number;
  readonly high: number;
}

/**
 * The difference of two error rates on the same items, with its percentile interval: items are drawn with replacement, each with what
 * both readers made of it (Efron 1979; Koehn 2004, "Statistical significance tests"). Throws INVALID_ARGUMENT unless both have the same
 * items.
 */
export function pairedBootstrap(
  before: readonly ItemErrors[],
  after: readonly ItemErrors[],
  { resamples = 10_000, confidence = 0.95, seed = 42 }: BootstrapOptions = {},
): PairedDifference {
  requireSameItems(before, after);
  const items = before.length;
  const lengths = Float64Array.from(before, ({ length }) => length);
  const changes = Float64Array.from(after, ({ errors }, i) => errors - before[i].errors);
  const random = Random.of(seed);
  const differences = new Float64Array(resamples);
  for (let sample = 0; sample < resamples; sample++) {
    let [change, length] = [0, 0];
    for (let draw = 0; draw < items; draw++) {
      const item = random.below(items);
      change += changes[item];
      length += lengths[item];
    }
    differences[sample] = length === 0 ? 0 : change / length;
  }
  differences.sort();
  const quantile = (share: number) => differences[Math.round(share * (resamples - 1))];
  const tail = (1 - confidence) / 2;
  const [rateBefore, rateAfter] = [errorRate(before), errorRate(after)];
  return {
    items,
    before: rateBefore,
    after: rateAfter,
    difference: rateAfter - rateBefore,
    low: quantile(tail),
    high: quantile(1 - tail),
  };
}

/** Σ errors / Σ length. */
function errorRate(items: readonly ItemErrors[]): number {
  const errors = items.reduce((sum, item) => sum + item.errors, 0);
  return errors / items.reduce((sum, { length }) => sum + length, 0);
}

function requireSameItems(before: readonly ItemErrors[], after: readonly ItemErrors[]): void {
  const isSame = before.length === after.length && before.every(({ length }, i) => length === after[i].length);
  if (isSame && before.some(({ length }) => length > 0)) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `Two models are compared on the same items, with something to read in them; there are ${before.length} and ${after.length}.`,
  );
}
