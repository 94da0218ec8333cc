import { TextRecognizerError } from '../errors.ts';
import type { Alphabet } from './alphabet.ts';
import { type CtcLanguageModel, ctcPrefixBeam } from './ctc-prefix-beam.ts';
import { editDistance } from './edit-distance.ts';

/** A line's scores (log-probabilities `[time, class]`) and what is written there. */
export interface ScoredLine {
  readonly logProbabilities: Float32Array;
  readonly reference: string;
}

/** How strongly a language model speaks in decoding, and the character error rate that this gave. */
export interface FusionWeights {
  readonly languageModelWeight: number;
  readonly lengthBonus: number;
  readonly cer: number;
}

/** Pairs of α and β to begin from; without the model the error rate cannot come out worse than that. */
const starts = [
  [0, 0],
  [0.25, 0.5],
  [0.5, 0.5],
  [0.5, 1],
  [0.75, 1],
] as const;
const firstSteps = { languageModelWeight: 0.2, lengthBonus: 0.5 };
const refinements = 3;

/**
 * The weight α and length bonus β of a language model with the lowest character error rate on validation lines: a pattern
 * search (Hooke and Jeeves 1961) from the best of a few pairs, halving its steps, about 25 decodings of all lines.
 */
export function tuneFusion(
  lines: readonly ScoredLine[],
  alphabet: Alphabet,
  languageModel: CtcLanguageModel,
  beamWidth = 16,
): FusionWeights {
  const length = lines.reduce((sum, { reference }) => sum + [...reference.normalize('NFC')].length, 0);
  if (length === 0) throw new TextRecognizerError('INVALID_ARGUMENT', 'Tuning needs lines that have text.');
  const tried = new Map<string, FusionWeights>();
  const measure = (languageModelWeight: number, lengthBonus: number): FusionWeights => {
    const key = `${languageModelWeight} ${lengthBonus}`;
    const known = tried.get(key);
    if (known !== undefined) return known;
    const options = { beamWidth, languageModel, languageModelWeight, lengthBonus };
    let edits = 0;
    for (const { logProbabilities, reference } of lines) {
      const [best] = ctcPrefixBeam(logProbabilities, alphabet.size, options);
      edits += editDistance(reference, alphabet.decode(best.labels));
    }
    const weights = { languageModelWeight, lengthBonus, cer: edits / length };
    tried.set(key, weights);
    return weights;
  };
  return search(measure);
}

function search(measure: (weight: number, bonus: number) => FusionWeights): FusionWeights {
  const lowest = (all: readonly FusionWeights[]) => all.reduce((a, b) => (b.cer < a.cer ? b : a));
  let best = lowest(starts.map(([weight, bonus]) => measure(weight, bonus)));
  let { languageModelWeight: weightStep, lengthBonus: bonusStep } = firstSteps;
  for (let refinement = 0; refinement < refinements;) {
    const { languageModelWeight: weight, lengthBonus: bonus } = best;
    const around = [
      measure(weight + weightStep, bonus),
      measure(Math.max(0, weight - weightStep), bonus),
      measure(weight, bonus + bonusStep),
      measure(weight, bonus - bonusStep),
    ];
    const better = lowest(around);
    if (better.cer < best.cer) {
      best = better;
      continue;
    }
    [weightStep, bonusStep] = [weightStep / 2, bonusStep / 2];
    refinement++;
  }
  return best;
}
