import { TextRecognizerError } from '../../errors.ts';
import type { EpochReport } from '../callback.ts';

/** A metric that a callback watches. */
export interface Monitor {
  /** Name in the epoch's report, e.g. `valLoss`. */
  readonly metric: string;
  /** Whether less (a loss) or more (an accuracy) is better. */
  readonly mode: 'min' | 'max';
}

/** The metric's value after an epoch; throws INVALID_ARGUMENT when the epoch has none of that name. */
export function readMetric({ metric }: Monitor, report: EpochReport): number {
  const value = report.metrics[metric];
  if (value !== undefined) return value;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `No metric "${metric}" to watch: the epochs of this training report ${Object.keys(report.metrics).join(', ') || 'none'}.`,
  );
}

/** Whether `value` beats `best` by more than `minDelta`; NaN and infinities never do. */
export function improves({ mode }: Monitor, value: number, best: number | undefined, minDelta: number): boolean {
  if (!Number.isFinite(value)) return false;
  if (best === undefined) return true;
  return mode === 'min' ? value < best - minDelta : value > best + minDelta;
}
