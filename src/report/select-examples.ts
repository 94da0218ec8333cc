import { Random } from '../random/random.ts';
import type { LineReading } from '../text/error-rates.ts';
import { editDistance } from '../text/edit-distance.ts';

/** Indices of the lines that a report shows. */
export interface ExampleLines {
  /** By character error rate, the highest first; among equals the longest first. */
  readonly worst: readonly number[];
  /** The lowest error rate first; among equals the longest first. */
  readonly best: readonly number[];
  /** Drawn by the seed, in order of the set. */
  readonly random: readonly number[];
}

/** Chooses up to `count` lines of each kind; a line may be of several kinds. */
export function selectExamples(readings: readonly LineReading[], count: number, seed: number): ExampleLines {
  const rates = readings.map(({ reference, hypothesis }) => {
    return editDistance(reference, hypothesis) / Math.max(1, [...reference.normalize('NFC')].length);
  });
  const indices = readings.map((_, i) => i);
  const longerFirst = (a: number, b: number) => readings[b].reference.length - readings[a].reference.length || a - b;
  const drawn = Random.of(seed, readings.length)
    .shuffle([...indices])
    .slice(0, count);
  return {
    worst: [...indices].sort((a, b) => rates[b] - rates[a] || longerFirst(a, b)).slice(0, count),
    best: [...indices].sort((a, b) => rates[a] - rates[b] || longerFirst(a, b)).slice(0, count),
    random: drawn.sort((a, b) => a - b),
  };
}
