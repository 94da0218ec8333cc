import { logOdds } from '../../models/confidence.ts';
import { type ErrorModel, expectedEdits, logOddsOf, WITHIN_95 } from './error-model.ts';
import type { KnownReading } from './fit-error-model.ts';

/** Smaller groups say more of their few lines than of their kind. */
const LEAST_LINES = 7;
/**
 * What nine sets of lines gave, of English and French hands of three centuries and of letters set side by side: the deviation, in
 * log-odds, of a population and a kind that were left out. Fewer sets that happen to be alike do not make it smaller, and of one set
 * it is all that is known.
 */
const USUAL_DEVIATION = 0.45;
const LEAST_FREEDOM = 4;
/** What kinds of pictures gave where only ordinary ones were fitted. */
const WITHOUT_KINDS = 0.9;

/** 97.5 of 100 values of Student's t are below, by degrees of freedom from 1. */
const T_QUANTILES = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/**
 * How far the error rate of pictures that a fit has not seen is from what it says, as a standard deviation in log-odds. Each population
 * is left out together with each kind of picture; what the fit then misses is a draw from what it misses of populations to come, as far as
 * those at hand are drawn from the same: the interval is Student's, with a degree of freedom for each population but one (the prediction
 * interval of a random-effects meta-analysis, Higgins, Thompson and Spiegelhalter 2009). `fitTo` fits to the readings that it is asked to keep.
 */
export function unseenDeviation(
  readings: readonly KnownReading[],
  fitTo: (isKept: (reading: KnownReading) => boolean) => ErrorModel,
): number {
  const [populations, kinds] = [distinct(readings, 'population'), distinct(readings, 'kind')];
  if (kinds.length < 2) return WITHOUT_KINDS;
  const missed = populations.flatMap((population) => {
    const squares = kinds.flatMap((kind) => {
      const group = readings.filter((reading) => reading.population === population && reading.kind === kind);
      if (group.length < LEAST_LINES) return [];
      const isOther = (reading: KnownReading) => populations.length === 1 || reading.population !== population;
      return missedSquare(
        fitTo((reading) => isOther(reading) && reading.kind !== kind),
        group,
      );
    });
    return squares.length === 0 ? [] : [meanOf(squares)];
  });
  // Of one population only kinds were left out.
  if (missed.length < 2) return studentDeviation(USUAL_DEVIATION ** 2 + meanOf(missed), LEAST_FREEDOM);
  return studentDeviation(Math.max(USUAL_DEVIATION ** 2, meanOf(missed)), Math.max(LEAST_FREEDOM, missed.length - 1));
}

/** The deviation of a normal number whose 95 % interval is as wide as Student's. */
function studentDeviation(square: number, freedom: number): number {
  // Beyond the table, the first terms of Cornish and Fisher's expansion.
  const quantile = T_QUANTILES[freedom - 1] ?? WITHIN_95 + 2.372 / freedom + 2.823 / freedom ** 2;
  return (Math.sqrt(square) * quantile) / WITHIN_95;
}

/** The square of what a model misses of a group, in log-odds, less what so few lines may miss by chance. */
function missedSquare(model: ErrorModel, group: readonly KnownReading[]): number {
  const sums = { length: 0, edits: 0, variance: 0 };
  let [edits, textLength] = [0, 0];
  for (const reading of group) {
    const expected = expectedEdits(model, reading.measurement);
    sums.length += expected.length;
    sums.edits += expected.edits;
    sums.variance += expected.variance;
    edits += reading.edits;
    textLength += reading.textLength;
  }
  const { middle, own } = logOddsOf(sums);
  const actual = logOdds(Math.min(1 - 1e-3, Math.max(1e-3, edits / Math.max(1, textLength))));
  return Math.max(0, (actual - middle) ** 2 - own ** 2);
}

function distinct(readings: readonly KnownReading[], by: 'population' | 'kind'): (string | undefined)[] {
  return [...new Set(readings.map((reading) => reading[by]))];
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
