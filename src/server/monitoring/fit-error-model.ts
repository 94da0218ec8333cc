import { type ErrorInput, errorInputs, inputOf, type ErrorModel } from './error-model.ts';
import { fitLogistic, type LogisticRow, logisticRate } from './fit-logistic.ts';
import type { Measurement } from './measurement.ts';
import { unseenDeviation } from './unseen-deviation.ts';

/** A reading whose text is known. */
export interface KnownReading {
  readonly measurement: Measurement;
  /** Edits from the reading to the text. */
  readonly edits: number;
  /** Characters of the text. */
  readonly textLength: number;
  /** Whose lines these are, and what was done to their pictures: what the fit leaves out to see how far off it is elsewhere. */
  readonly population?: string;
  readonly kind?: string;
}

/** An input that fewer of the readings have is not used. */
const LEAST_PRESENCE = 0.9;

/**
 * Fits the regression to readings whose texts are known; best to some of bad pictures and of several populations, each of which counts
 * the same. Pages are left out.
 */
export function fitErrorModel(readings: readonly KnownReading[]): ErrorModel {
  // Noise in which many short lines are found would outweigh the lines.
  const read = readings.filter(({ measurement }) => measurement.kind !== 'page' && lengthOf(measurement) > 0);
  const names = inputsOf(read);
  const complete = read.filter(({ measurement }) => names.every((name) => inputOf(measurement, name) !== undefined));
  const weightOf = populationWeights(complete);
  const rows = complete.map((reading): LogisticRow => {
    const length = lengthOf(reading.measurement);
    const inputs = [1, ...names.map((name) => inputOf(reading.measurement, name)!)];
    return { inputs, weight: length * weightOf(reading), share: Math.min(1, reading.edits / length) };
  });
  const modelOf = (kept: readonly LogisticRow[]): ErrorModel => {
    const [intercept, ...weights] = fitLogistic(kept, names.length + 1);
    const dispersion = dispersionOf(kept, [intercept, ...weights]);
    return {
      intercept,
      weights: Object.fromEntries(names.map((name, i) => [name, weights[i]])),
      dispersion,
      deviation: 0,
    };
  };
  const deviation = unseenDeviation(complete, (isKept) => modelOf(rows.filter((_, i) => isKept(complete[i]))));
  return { ...modelOf(rows), deviation };
}

/** Inputs that enough readings have. Beside the entropy, confidence says nothing more, and misleads where a language model is sure. */
function inputsOf(readings: readonly KnownReading[]): ErrorInput[] {
  const present = errorInputs.filter((name) => {
    const count = readings.filter(({ measurement }) => inputOf(measurement, name) !== undefined).length;
    return count > 0 && count >= LEAST_PRESENCE * readings.length;
  });
  return present.includes('entropy') ? present.filter((name) => name !== 'confidence') : present;
}

/** By which all populations have as many characters. */
function populationWeights(readings: readonly KnownReading[]): (reading: KnownReading) => number {
  const lengths = new Map<string | undefined, number>();
  let all = 0;
  for (const { population, measurement } of readings) {
    const length = lengthOf(measurement);
    lengths.set(population, (lengths.get(population) ?? 0) + length);
    all += length;
  }
  return ({ population }) => all / lengths.size / lengths.get(population)!;
}

function dispersionOf(rows: readonly LogisticRow[], weights: readonly number[]): number {
  const squares = rows.reduce((sum, row) => {
    const rate = logisticRate(weights, row);
    return sum + (row.weight * (row.share - rate) ** 2) / Math.max(1e-4, rate * (1 - rate));
  }, 0);
  return Math.max(1, squares / Math.max(1, rows.length - weights.length));
}

function lengthOf({ values }: Measurement): number {
  return (values.length ?? 1) - 1;
}
