import { type Alphabet, blankClass } from './alphabet.ts';
import type { Alternative } from './alternative.ts';
import type { CtcCharacter } from './ctc-reading.ts';

/** Alternatives less probable than this are noise. */
const LEAST = 0.001;
const LOG_LEAST = Math.log(LEAST);

/**
 * What a character may be instead, best first: the other classes by their highest probability in its time steps, scaled so that
 * with the character's own confidence they sum to at most 1. `logProbabilities` is `[time, class]`.
 */
export function characterAlternatives(
  logProbabilities: Float32Array,
  alphabet: Alphabet,
  { character, confidence, start, end }: CtcCharacter,
  most = 3,
): Alternative[] {
  const peaks = classPeaks(logProbabilities.subarray(start * alphabet.size, end * alphabet.size), alphabet.size);
  const others = likelyLabels(peaks)
    .map((label) => ({ text: alphabet.character(label), peak: Math.exp(peaks[label]) }))
    .filter(({ text }) => text !== character)
    .sort((a, b) => b.peak - a.peak)
    .slice(0, most);
  const sum = others.reduce((total, { peak }) => total + peak, 0);
  const scale = Math.min(1, (1 - Math.min(1, confidence)) / Math.max(sum, LEAST));
  return others.map(({ text, peak }) => ({ text, confidence: peak * scale }));
}

function likelyLabels(peaks: Float32Array): number[] {
  const labels: number[] = [];
  for (let label = 0; label < peaks.length; label++) {
    if (label !== blankClass && peaks[label] >= LOG_LEAST) labels.push(label);
  }
  return labels;
}

/** The highest value of each class over the rows. */
function classPeaks(rows: Float32Array, classes: number): Float32Array {
  const peaks = rows.slice(0, classes);
  for (let row = classes; row < rows.length; row += classes) {
    for (let c = 0; c < classes; c++) if (rows[row + c] > peaks[c]) peaks[c] = rows[row + c];
  }
  return peaks;
}
