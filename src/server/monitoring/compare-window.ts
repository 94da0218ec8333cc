import type { DriftSignal, ExpectedErrors, SignalDrift, StatisticName } from './drift-report.ts';
import { characterCounts, driftValue } from './drift-value.ts';
import { expectedRate } from './error-model.ts';
import type { Reference } from './reference.ts';
import { BINS, middleOf, type SignalName } from './signals.ts';
import type { Sketch } from './sketch.ts';
import { jensenShannon } from './statistics/jensen-shannon.ts';
import { populationStabilityIndex } from './statistics/population-stability-index.ts';
import { totalOf } from './statistics/total-of.ts';
import { wasserstein } from './statistics/wasserstein.ts';
import { probabilityEach, tailQuantile, unseenShare } from './thresholds.ts';

const deciding: Readonly<Partial<Record<DriftSignal, StatisticName>>> = {
  characters: 'chi-square',
  embedding: 'maximum-mean-discrepancy',
  'expected-errors': 'rise',
};

/** How much a signal may differ in each window before it is an alarm. */
export type Thresholds = ReadonlyMap<DriftSignal, readonly number[]>;

/** The thresholds at which all comparisons of a model together give one false alarm in `expectedRunTime` requests. */
export function thresholdsOf({ tails, every, windows, sketch }: Reference, expectedRunTime: number): Thresholds {
  const entries = Object.entries(tails) as [DriftSignal, Reference['tails'][string]][];
  const probability = probabilityEach(expectedRunTime, every, entries.length * windows.length);
  return new Map(
    entries.map(([signal, byWindow]) => [
      signal,
      byWindow.map((tail, w) => {
        const quantile = tailQuantile(tail, probability);
        if (signal in deciding) return quantile;
        return Math.max(quantile, unseenShare(sketch.count, windows[w], probability));
      }),
    ]),
  );
}

/** How each signal of a window differs; `w` is the place of the window's size among those of the reference. */
export function compareWindow(reference: Reference, thresholds: Thresholds, window: Sketch, w: number): SignalDrift[] {
  return [...thresholds].flatMap(([signal, byWindow]): SignalDrift[] => {
    const value = driftValue(signal, reference.sketch, window);
    if (value === undefined) return [];
    return [
      {
        signal,
        window: window.count,
        statistic: deciding[signal] ?? 'kolmogorov-smirnov',
        value,
        threshold: byWindow[w],
      },
    ];
  });
}

/** The same with the other statistics, which take longer. */
export function describeDrift(drift: SignalDrift, reference: Reference, window: Sketch): SignalDrift {
  const { signal } = drift;
  if (signal === 'characters') {
    const { expected, actual } = characterCounts(reference.sketch, window);
    return {
      ...drift,
      statistics: {
        'jensen-shannon': jensenShannon(expected, actual),
        'population-stability-index': populationStabilityIndex(expected, actual),
      },
    };
  }
  if (signal in deciding) return drift;
  const [expected, actual] = [reference.sketch, window].map((sketch) => sketch.countsOf(signal as SignalName));
  const middles = middlesOf(signal as SignalName);
  return {
    ...drift,
    statistics: {
      'population-stability-index': populationStabilityIndex(expected, actual),
      'jensen-shannon': jensenShannon(expected, actual),
      wasserstein: wasserstein(middles, expected, actual),
    },
    referenceMean: meanOf(middles, expected),
    mean: meanOf(middles, actual),
  };
}

/** The error rate that a window is expected to have. */
export function expectedErrorsOf({ errors, sketch }: Reference, window: Sketch): ExpectedErrors {
  const referenceRate = sketch.length === 0 ? 0 : sketch.edits / sketch.length;
  return { window: window.count, ...expectedRate(errors, window), referenceRate };
}

function middlesOf(name: SignalName): Float64Array {
  return Float64Array.from({ length: BINS }, (_, bin) => middleOf(name, bin));
}

function meanOf(middles: Float64Array, counts: Float64Array): number {
  return middles.reduce((sum, middle, bin) => sum + middle * counts[bin], 0) / totalOf(counts);
}
