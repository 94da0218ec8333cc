import { logOdds, sigmoid } from '../../models/confidence.ts';
import type { Measurement } from './measurement.ts';
import type { ExpectedEdits } from './sketch.ts';

/**
 * What the regression may see of a reading: what the language model has changed, how little it expects the result, how undecided the
 * network is, and how many characters were read for the width; how sure the characters are only where there is no more. With more (the
 * least sure word, length, sharpness, slant, the embedding), and with boosted trees, populations and kinds of pictures that were left out
 * of the fit were estimated no better.
 */
export const errorInputs = ['confidence', 'language-model', 'surprise', 'entropy', 'spread'] as const;
export type ErrorInput = (typeof errorInputs)[number];

/** How many errors a reading has, without its text: a logistic regression of the share of characters that are wrong. */
export interface ErrorModel {
  readonly intercept: number;
  /** Only of inputs that the readings of the fit had. */
  readonly weights: { readonly [input in ErrorInput]?: number };
  /** The variance of a line's edits, by that of independent characters. */
  readonly dispersion: number;
  /** Standard deviation, in log-odds, of the error rate of a population and a kind of picture that the fit has not seen. */
  readonly deviation: number;
}

/** Where no texts are known: the errors that the confidences of characters say by themselves. */
export const confidenceAlone: ErrorModel = { intercept: 0, weights: { confidence: -1 }, dispersion: 4, deviation: 0.5 };

const LOG_ODDS_LIMIT = 6;

/** An input of the regression; undefined where the reading does not have it. */
export function inputOf({ values }: Measurement, input: ErrorInput): number | undefined {
  const value = values[input];
  if (value === undefined) return undefined;
  if (input === 'spread') return Math.log(value);
  if (input !== 'confidence') return value;
  return Math.max(-LOG_ODDS_LIMIT, Math.min(LOG_ODDS_LIMIT, logOdds(value)));
}

/** The edits that a reading is expected to need; one without the model's inputs, such as that of another decoder, is judged by its confidence. */
export function expectedEdits(model: ErrorModel, measurement: Measurement): ExpectedEdits {
  const length = (measurement.values.length ?? 1) - 1;
  const rate = rateOf(model, measurement) ?? rateOf(confidenceAlone, measurement);
  if (rate === undefined) return { length, edits: 0, variance: 0 };
  return { length, edits: length * rate, variance: model.dispersion * length * rate * (1 - rate) };
}

function rateOf({ intercept, weights }: ErrorModel, measurement: Measurement): number | undefined {
  let z = intercept;
  for (const name of errorInputs) {
    const weight = weights[name];
    if (weight === undefined) continue;
    const input = inputOf(measurement, name);
    if (input === undefined) return undefined;
    z += weight * input;
  }
  return sigmoid(z);
}

/** 95 of 100 normal numbers are within so many standard deviations. */
export const WITHIN_95 = 1.96;

/** The error rate of all readings of a sketch, and the interval that it is in 95 times of 100. */
export function expectedRate(
  { deviation }: ErrorModel,
  sums: ExpectedEdits,
): { readonly rate: number; readonly low: number; readonly high: number } {
  if (sums.length === 0) return { rate: 0, low: 0, high: 1 };
  const { middle, own } = logOddsOf(sums);
  const reach = WITHIN_95 * Math.hypot(own, deviation);
  return { rate: sums.edits / sums.length, low: sigmoid(middle - reach), high: sigmoid(middle + reach) };
}

/** The log-odds of the rate of some readings, and the standard deviation that their number alone leaves. */
export function logOddsOf({ length, edits, variance }: ExpectedEdits): {
  readonly middle: number;
  readonly own: number;
} {
  const bounded = Math.min(1 - 1e-4, Math.max(1e-4, edits / length));
  return { middle: logOdds(bounded), own: Math.sqrt(variance) / length / (bounded * (1 - bounded)) };
}
