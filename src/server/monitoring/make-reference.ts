import { TextRecognizerError } from '../../errors.ts';
import { Random } from '../../random/random.ts';
import type { DriftSignal } from './drift-report.ts';
import { driftSignals, driftValue } from './drift-value.ts';
import { EMBEDDING_SIZE } from './embed-scores.ts';
import type { ErrorModel } from './error-model.ts';
import type { Measurement } from './measurement.ts';
import { type ReferenceData, sketchScale } from './reference.ts';
import { signalNames, signals, type SignalGroup, type SignalName } from './signals.ts';
import { Sketch } from './sketch.ts';
import { SketchRows } from './sketch-rows.ts';
import { fitTail } from './thresholds.ts';

export interface MakeReferenceOptions {
  readonly modelSha256: string;
  readonly description: string;
  readonly licence?: string;
  readonly errors?: ErrorModel;
  /** What `errors` were fitted to. */
  readonly errorsDescription?: string;
  /** Which signals are compared; all by default. Pictures that were not taken as those of the service say nothing of these. */
  readonly groups?: readonly SignalGroup[];
  /** Signals that are not compared all the same. */
  readonly without?: readonly DriftSignal[];
  /** Requests between two comparisons; default 25. */
  readonly every?: number;
  /** How many of the latest requests are compared, in multiples of `every`; default 100 and 1,000. */
  readonly windows?: readonly number[];
  /** Bootstrap samples; default 1,000. */
  readonly samples?: number;
  readonly seed?: number;
  readonly created?: string;
}

/** Fewer requests say too little of what is ordinary. */
const LEAST_REQUESTS = 100;

/**
 * A reference of requests that count as ordinary. What windows differ by chance is found by bootstrap (Efron 1979): reference and
 * window are drawn from the requests with replacement, each window from a resampled population, because the requests to come are no more
 * than the reference a perfect picture of all that will ever come. Throws INVALID_ARGUMENT for fewer than 100 requests, or of several models.
 */
export function makeReference(
  measurements: readonly Measurement[],
  { groups = ['picture', 'writing', 'reading'], ...options }: MakeReferenceOptions,
): Omit<ReferenceData, 'digest' | 'format'> {
  const { every = 25, windows = [100, 1000], samples = 1000, seed = 1, without = [] } = options;
  const { model } = checked(measurements);
  const kept = measurements.map((measurement) => withGroups(measurement, groups));
  const embeddingScales = scalesOf(kept);
  const scale = sketchScale(embeddingScales, options.errors);
  const sketch = new Sketch();
  for (const measurement of kept) sketch.add(measurement, scale);
  const rows = new SketchRows(kept, scale);
  const compared = driftSignals(sketch).filter((signal) => !without.includes(signal));
  const tails = bootstrapTails(rows, compared, { windows, samples, seed });
  return {
    model,
    modelSha256: options.modelSha256,
    source: {
      description: options.description,
      requests: kept.length,
      ...(options.licence !== undefined && { licence: options.licence }),
      ...(options.errorsDescription !== undefined && { errors: options.errorsDescription }),
    },
    created: options.created ?? new Date().toISOString(),
    embeddingScales,
    ...(options.errors && { errors: options.errors }),
    sketch: JSON.parse(JSON.stringify(sketch)) as ReferenceData['sketch'],
    every,
    windows: [...windows],
    tails,
  };
}

function checked(measurements: readonly Measurement[]): Measurement {
  const models = [...new Set(measurements.map(({ model }) => model))];
  if (models.length === 1 && measurements.length >= LEAST_REQUESTS) return measurements[0];
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `A reference needs at least ${LEAST_REQUESTS} requests of one model; there are ${measurements.length} of ${models.join(', ') || 'none'}.`,
  );
}

function withGroups(measurement: Measurement, groups: readonly SignalGroup[]): Measurement {
  const entries = Object.entries(measurement.values) as [SignalName, number][];
  return {
    ...measurement,
    values: Object.fromEntries(entries.filter(([name]) => groups.includes(signals[name].group))),
  };
}

/** Standard deviations of the embeddings' coordinates. */
function scalesOf(measurements: readonly Measurement[]): number[] {
  const embeddings = measurements.map(({ embedding }) => embedding).filter(({ length }) => length > 0);
  return Array.from({ length: EMBEDDING_SIZE }, (_, d) => {
    const mean = embeddings.reduce((sum, embedding) => sum + embedding[d], 0) / embeddings.length;
    const variance = embeddings.reduce((sum, embedding) => sum + (embedding[d] - mean) ** 2, 0) / embeddings.length;
    return variance > 0 ? Math.sqrt(variance) : 1;
  });
}

function bootstrapTails(
  rows: SketchRows,
  compared: readonly DriftSignal[],
  { windows, samples, seed }: { windows: readonly number[]; samples: number; seed: number },
): ReferenceData['tails'] {
  const values = new Map(compared.map((signal) => [signal, windows.map((): number[] => [])]));
  const draw = (random: Random, count: number) => Uint32Array.from({ length: count }, () => random.below(rows.length));
  for (let sample = 0; sample < samples; sample++) {
    const random = Random.of(seed, sample);
    const reference = rows.sum(draw(random, rows.length));
    const population = draw(random, rows.length);
    for (const [w, size] of windows.entries()) {
      const window = rows.sum(draw(random, size).map((place) => population[place]));
      for (const signal of compared) values.get(signal)![w].push(driftValue(signal, reference, window) ?? 0);
    }
  }
  const pooled = windows.map((_, w) =>
    fitTail([...values].flatMap(([signal, byWindow]) => pooledOf(signal, byWindow[w]))),
  );
  return Object.fromEntries(
    [...values].map(([signal, byWindow]) => [
      signal,
      byWindow.map((all, w) => (pooledOf(signal, all).length > 0 ? pooled[w] : fitTail(all))),
    ]),
  );
}

/**
 * What of a signal's values is fitted together with those of others: all of numbers, since the statistic of Kolmogorov and Smirnov has
 * one distribution for all that are continuous and smaller values for others. Numbers that never differ stand for themselves.
 */
function pooledOf(signal: DriftSignal, values: readonly number[]): readonly number[] {
  const isNumber = (signalNames as readonly string[]).includes(signal);
  return isNumber && values.some((value) => value > 0) ? values : [];
}
