import { logOdds, sigmoid } from '../../models/confidence.ts';
import type { Measurement } from './measurement.ts';
import type { ExpectedEdits } from './sketch.ts';

/**
 * How many errors a reading has, given how sure its reader was: a logistic regression of the share of characters that are wrong, fitted
 * to readings whose texts are known.
 */
export interface ErrorModel {
  /** `[ERROR_INPUTS]` */
  readonly weights: readonly number[];
  /** The variance of a line's edits, by that of independent characters. */
  readonly dispersion: number;
  /** Standard deviation, in log-odds, of the error rate of a kind of picture that the fit has not seen. */
  readonly deviation: number;
}

/** Where no texts are known: the errors that the confidences of characters say by themselves. */
export const confidenceAlone: ErrorModel = { weights: [0, -1, 0], dispersion: 4, deviation: 0.5 };

/** How many inputs the regression has. */
export const ERROR_INPUTS = 3;

/**
 * What the regression sees of a reading; undefined where nothing was read. With more (the least sure word, length, crowding) it fitted its
 * own data better and other hands worse.
 */
export function errorInputs({ values }: Measurement): readonly number[] | undefined {
  const { confidence, 'language-model': changed = 0 } = values;
  if (confidence === undefined) return undefined;
  return [1, Math.max(-6, Math.min(6, logOdds(confidence))), changed];
}

/** The edits that a reading is expected to need. Of nothing that was read, everything is expected to be missing. */
export function expectedEdits(model: ErrorModel, measurement: Measurement): ExpectedEdits {
  const length = (measurement.values.length ?? 1) - 1;
  const inputs = errorInputs(measurement);
  if (inputs === undefined) return { length, edits: 0, variance: 0 };
  const rate = sigmoid(inputs.reduce((sum, input, i) => sum + input * model.weights[i], 0));
  return { length, edits: length * rate, variance: model.dispersion * length * rate * (1 - rate) };
}

/** 95 of 100 normal numbers are within so many standard deviations. */
const WITHIN_95 = 1.96;

/** The error rate of all readings of a sketch, and the interval that it is in 95 times of 100. */
export function expectedRate(
  { deviation }: ErrorModel,
  { length, edits, variance }: ExpectedEdits,
): { readonly rate: number; readonly low: number; readonly high: number } {
  if (length === 0) return { rate: 0, low: 0, high: 1 };
  const rate = edits / length;
  const bounded = Math.min(1 - 1e-4, Math.max(1e-4, rate));
  const own = Math.sqrt(variance) / length / (bounded * (1 - bounded));
  const reach = WITHIN_95 * Math.hypot(own, deviation);
  return { rate, low: sigmoid(logOdds(bounded) - reach), high: sigmoid(logOdds(bounded) + reach) };
}
