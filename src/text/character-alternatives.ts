import { type Alphabet, blankClass } from './alphabet.ts';
import type { Alternative } from './alternative.ts';
import type { CharacterReading } from './ctc-reading.ts';

/** Alternatives less probable than this are noise. */
const LEAST = 0.001;

/**
 * What a character may be instead, best first: the other classes by their highest probability in its time steps, scaled so that
 * with the character's own confidence they sum to at most 1. `logProbabilities` is `[time, class]`.
 */
export function characterAlternatives(
  logProbabilities: Float32Array,
  alphabet: Alphabet,
  { character, confidence, start, end }: CharacterReading,
  most = 3,
): Alternative[] {
  const peaks = classPeaks(logProbabilities.subarray(start * alphabet.size, end * alphabet.size), alphabet.size);
  const others = Array.from(peaks, (peak, label) => ({ label, peak: Math.exp(peak) }))
    .filter(({ label, peak }) => label !== blankClass && alphabet.character(label) !== character && peak >= LEAST)
    .sort((a, b) => b.peak - a.peak)
    .slice(0, most);
  const sum = others.reduce((total, { peak }) => total + peak, 0);
  const scale = Math.min(1, (1 - Math.min(1, confidence)) / Math.max(sum, LEAST));
  return others.map(({ label, peak }) => ({ text: alphabet.character(label), confidence: peak * scale }));
}

/** The highest value of each class over the rows. */
function classPeaks(rows: Float32Array, classes: number): Float32Array {
  const peaks = new Float32Array(classes).fill(-Infinity);
  for (let i = 0; i < rows.length; i++) peaks[i % classes] = Math.max(peaks[i % classes], rows[i]);
  return peaks;
}
