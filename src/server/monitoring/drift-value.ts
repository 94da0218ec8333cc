import type { DriftSignal } from './drift-report.ts';
import { type SignalName, signalNames } from './signals.ts';
import type { Sketch } from './sketch.ts';
import { chiSquare } from './statistics/chi-square.ts';
import { kolmogorovSmirnov } from './statistics/kolmogorov-smirnov.ts';
import { maximumMeanDiscrepancy } from './statistics/maximum-mean-discrepancy.ts';
import { totalOf } from './statistics/total-of.ts';

/** A signal that fewer than this share of the requests have is not compared. */
const LEAST_PRESENCE = 0.5;

/** The signals that a reference can be compared by. */
export function driftSignals(reference: Sketch): DriftSignal[] {
  const isPresent = (name: SignalName) => totalOf(reference.countsOf(name)) >= LEAST_PRESENCE * reference.count;
  const numbers = signalNames.filter(isPresent);
  const embedding = reference.embedded >= LEAST_PRESENCE * reference.count ? (['embedding'] as const) : [];
  return [
    ...numbers,
    ...(reference.characters.size > 1 ? (['characters', 'expected-errors'] as const) : []),
    ...embedding,
  ];
}

/**
 * How far a window is from its reference in one signal, from 0; undefined where too few of its requests have it. Under no drift, the
 * square of each falls off exponentially: the statistic of Kolmogorov and Smirnov for numbers, the root of χ² by the number of characters,
 * the maximum mean discrepancy (not squared) for embeddings, and the rise of the expected error rate.
 */
export function driftValue(signal: DriftSignal, reference: Sketch, window: Sketch): number | undefined {
  if (signal === 'expected-errors') {
    if (window.length === 0) return undefined;
    return Math.max(0, window.edits / window.length - reference.edits / reference.length);
  }
  if (signal === 'characters') return charactersValue(reference, window);
  if (signal === 'embedding') {
    if (window.embedded < LEAST_PRESENCE * window.count) return undefined;
    const { features, embedded } = reference;
    return Math.sqrt(maximumMeanDiscrepancy(features, embedded, window.features, window.embedded));
  }
  const counts = window.countsOf(signal);
  if (totalOf(counts) < LEAST_PRESENCE * window.count) return undefined;
  return kolmogorovSmirnov(reference.countsOf(signal), counts);
}

function charactersValue(reference: Sketch, window: Sketch): number | undefined {
  const { expected, actual } = characterCounts(reference, window);
  const total = totalOf(actual);
  return total === 0 ? undefined : Math.sqrt(chiSquare(expected, actual) / total);
}

/** The counts of the reference's characters in both, and last those of all others. */
export function characterCounts(reference: Sketch, window: Sketch): { expected: number[]; actual: number[] } {
  const known = [...reference.characters.keys()];
  const expected = known.map((character) => reference.characters.get(character)!);
  const actual = known.map((character) => window.characters.get(character) ?? 0);
  const others = [...window.characters].reduce(
    (sum, [character, count]) => sum + (reference.characters.has(character) ? 0 : count),
    0,
  );
  return { expected: [...expected, 0], actual: [...actual, others] };
}
