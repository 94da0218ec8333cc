import { type Alphabet, blankClass } from './alphabet.ts';
import type { CtcCharacter } from './ctc-reading.ts';
import { stepCount } from './log-softmax.ts';

/**
 * Best-path decoding (Graves et al. 2006, section 3.2): the most probable class of every step, repeats collapsed, blanks
 * dropped. `logProbabilities` is `[time, class]`; a character's confidence is its highest probability within its run.
 */
export function ctcGreedy(logProbabilities: Float32Array, alphabet: Alphabet): CtcCharacter[] {
  const steps = stepCount(logProbabilities, alphabet.size);
  const readings: CtcCharacter[] = [];
  let [previous, start, peak] = [blankClass, 0, -Infinity];
  for (let t = 0; t <= steps; t++) {
    const best = t < steps ? bestClass(logProbabilities, t * alphabet.size, alphabet.size) : blankClass;
    const score = t < steps ? logProbabilities[t * alphabet.size + best] : -Infinity;
    if (best === previous) {
      peak = Math.max(peak, score);
      continue;
    }
    if (previous !== blankClass) {
      readings.push({ character: alphabet.character(previous), confidence: Math.exp(peak), start, end: t });
    }
    [previous, start, peak] = [best, t, score];
  }
  return readings;
}

function bestClass(scores: Float32Array, row: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) if (scores[row + c] > scores[row + best]) best = c;
  return best;
}
