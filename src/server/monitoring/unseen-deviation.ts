import { logOdds } from '../../models/confidence.ts';
import { type ErrorModel, expectedEdits, logOddsOf, WITHIN_95 } from './error-model.ts';
import type { KnownReading } from './fit-error-model.ts';

/** Smaller groups say more of their few lines than of their kind. */
const LEAST_LINES = 10;
/** From fewer residuals no quantile can be had. */
const LEAST_GROUPS = 10;
/** Without groups: what leaving out kinds of pictures gave where only ordinary ones were fitted. */
const WITHOUT_GROUPS = 0.9;
const COVERAGE = 0.95;

/**
 * How far the error rate of pictures that a fit has not seen is from what it says, as a standard deviation in log-odds: each population and
 * each kind is left out in turn, and the deviation is the least with which 95 % of the groups left out are within their intervals, with
 * the finite-sample correction of split conformal prediction (Lei et al. 2018). `fitTo` fits to the readings that it is asked to keep.
 */
export function unseenDeviation(
  readings: readonly KnownReading[],
  fitTo: (isKept: (reading: KnownReading) => boolean) => ErrorModel,
): number {
  const needed = (['population', 'kind'] as const).flatMap((by) => {
    const labels = [...new Set(readings.map((reading) => reading[by]))];
    if (labels.length < 2) return [];
    return labels.flatMap((label) => {
      const model = fitTo((reading) => reading[by] !== label);
      return groupsOf(readings.filter((reading) => reading[by] === label)).map((group) => neededFor(model, group));
    });
  });
  if (needed.length < LEAST_GROUPS) return WITHOUT_GROUPS;
  const rank = Math.min(needed.length, Math.ceil(COVERAGE * (needed.length + 1)));
  return needed.sort((a, b) => a - b)[rank - 1];
}

/** Those of one population and one kind each. */
function groupsOf(readings: readonly KnownReading[]): (readonly KnownReading[])[] {
  const groups = new Map<string, KnownReading[]>();
  for (const reading of readings) {
    const name = JSON.stringify([reading.population, reading.kind]);
    groups.set(name, [...(groups.get(name) ?? []), reading]);
  }
  return [...groups.values()].filter(({ length }) => length >= LEAST_LINES);
}

/** The least deviation with which the true rate of a group is within its interval. */
function neededFor(model: ErrorModel, group: readonly KnownReading[]): number {
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
  return Math.sqrt(Math.max(0, ((actual - middle) / WITHIN_95) ** 2 - own ** 2));
}
