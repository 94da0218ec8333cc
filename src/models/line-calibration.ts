import type { Alphabet } from '../text/alphabet.ts';
import type { DecodeOptions, LineDecoder } from '../text/decode-line.ts';
import type { LanguageModel } from '../text/language-model/language-model.ts';
import { scaleConfidence, type ConfidenceScaling } from './confidence.ts';

/** How raw confidences of characters and words become ones that hold. */
export interface LineConfidence {
  readonly character: ConfidenceScaling;
  readonly word: ConfidenceScaling;
}

/** How strongly the language model speaks. */
export interface LanguageFusion {
  /** Of its log-probabilities. */
  readonly weight: number;
  /** Added per character. */
  readonly bonus: number;
  /** Share of both that counts for digits and codes, in [0, 1]; 1 by default. See `LanguageModel.forCtc`. */
  readonly codeTrust?: number | undefined;
}

/** What is fitted to held-out lines after training. */
export interface LineCalibration {
  /** By decoder, since each is sure in its own way. */
  readonly confidence: { readonly [decoder in LineDecoder]?: LineConfidence | undefined };
  /** Absent where it was fitted without one. */
  readonly fusion?: LanguageFusion | undefined;
}

/** How a calibrated model decodes. */
export function decodeOptions(
  { confidence, fusion }: LineCalibration,
  decoder: LineDecoder,
  { alphabet }: { readonly alphabet: Alphabet },
  languageModel?: LanguageModel,
): DecodeOptions {
  const scalings = confidence[decoder];
  return {
    decoder,
    ...(languageModel && { languageModel: languageModel.forCtc(alphabet, fusion?.codeTrust) }),
    ...(fusion && { languageModelWeight: fusion.weight, lengthBonus: fusion.bonus }),
    ...(scalings && {
      calibrateCharacter: (raw: number) => scaleConfidence(Math.min(1, raw), scalings.character),
      calibrateWord: (raw: number) => scaleConfidence(Math.min(1, raw), scalings.word),
    }),
  };
}
