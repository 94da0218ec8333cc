import { TextRecognizerError } from '../errors.ts';
import { editDistance, sequenceDistance } from './edit-distance.ts';

/** A line as it is and as it was read; the rest is for grouping. */
export interface LineReading {
  readonly reference: string;
  readonly hypothesis: string;
  readonly id?: string;
  readonly dataset?: string;
  readonly writer?: string;
}

/** A micro-averaged error rate: all edits over all reference items (characters or words). */
export interface ErrorRate {
  readonly edits: number;
  readonly length: number;
  /** edits / length; above 1 where more was read than written. */
  readonly rate: number;
}

/** The three figures that papers and courses report for a set of lines. */
export interface LineMetrics {
  readonly lines: number;
  readonly cer: ErrorRate;
  readonly wer: ErrorRate;
  /** Mean over lines of 1 − distance / length. */
  readonly meanLineAccuracy: number;
  /** Fraction of lines read without an error. */
  readonly exact: number;
}

/** Character error rate: Σ edit distance / Σ reference length, in code points of the NFC forms. */
export function characterErrorRate(readings: readonly LineReading[]): ErrorRate {
  return microAverage(
    readings,
    ({ reference, hypothesis }) => editDistance(reference, hypothesis),
    ({ reference }) => codePoints(reference),
  );
}

/**
 * Word error rate: Σ edit distance / Σ reference words. A word is what is between white space, punctuation and all,
 * as jiwer and the HTR literature's WER count it (some papers cut punctuation off first, which gives other figures).
 */
export function wordErrorRate(readings: readonly LineReading[]): ErrorRate {
  return microAverage(
    readings,
    ({ reference, hypothesis }) => sequenceDistance(words(reference), words(hypothesis)),
    ({ reference }) => words(reference).length,
  );
}

/**
 * Mean over lines of 1 − distance / reference length: the figure that the Full Stack Deep Learning text recognizer
 * reports as accuracy. As there, it is not clipped: a line read far too long counts below 0. A line whose reference is
 * empty counts 1 if nothing was read and 0 otherwise.
 */
export function meanLineAccuracy(readings: readonly LineReading[]): number {
  requireReadings(readings);
  let total = 0;
  for (const { reference, hypothesis } of readings) {
    const length = codePoints(reference);
    if (length > 0) total += 1 - editDistance(reference, hypothesis) / length;
    else total += hypothesis === '' ? 1 : 0;
  }
  return total / readings.length;
}

/** All figures for a set of lines; throws `INVALID_ARGUMENT` for an empty set or references without text. */
export function lineMetrics(readings: readonly LineReading[]): LineMetrics {
  const exact = readings.filter(({ reference, hypothesis }) => editDistance(reference, hypothesis) === 0).length;
  return {
    lines: readings.length,
    cer: characterErrorRate(readings),
    wer: wordErrorRate(readings),
    meanLineAccuracy: meanLineAccuracy(readings),
    exact: exact / readings.length,
  };
}

/** Metrics by group, in order of the groups' names (numbers within them by value). */
export function lineMetricsBy(
  readings: readonly LineReading[],
  groupOf: (reading: LineReading) => string,
): Map<string, LineMetrics> {
  const groups = new Map<string, LineReading[]>();
  for (const reading of readings) {
    const name = groupOf(reading);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [reading]);
    else group.push(reading);
  }
  const byName = new Intl.Collator('en', { numeric: true });
  const sorted = [...groups].sort(([a], [b]) => byName.compare(a, b));
  return new Map(sorted.map(([name, group]) => [name, lineMetrics(group)]));
}

/** A group for `lineMetricsBy`: the band of the reference's length in characters, such as `20–29`. */
export function lengthBand(reading: LineReading, step = 10): string {
  const low = Math.floor(codePoints(reading.reference) / step) * step;
  return `${low}–${low + step - 1}`;
}

/** What is between white space; none for blank text. */
export function words(text: string): string[] {
  return text.normalize('NFC').split(/\s+/u).filter(Boolean);
}

function codePoints(text: string): number {
  return [...text.normalize('NFC')].length;
}

function microAverage(
  readings: readonly LineReading[],
  editsOf: (reading: LineReading) => number,
  lengthOf: (reading: LineReading) => number,
): ErrorRate {
  requireReadings(readings);
  let [edits, length] = [0, 0];
  for (const reading of readings) {
    edits += editsOf(reading);
    length += lengthOf(reading);
  }
  if (length > 0) return { edits, length, rate: edits / length };
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `The references of all ${readings.length} lines are empty, so an error rate has no denominator; pass transcribed lines.`,
  );
}

function requireReadings(readings: readonly LineReading[]): void {
  if (readings.length > 0) return;
  throw new TextRecognizerError('INVALID_ARGUMENT', 'An error rate needs one or more lines, and there are none.');
}
