import type { Alphabet } from '../text/alphabet.ts';
import type { DecodeOptions, LineDecoder } from '../text/decode-line.ts';
import type { LanguageModel } from '../text/language-model/language-model.ts';
import { scaleConfidence, type ConfidenceScaling } from './calibration.ts';

/** How raw confidences of characters and words become ones that hold. */
export interface LineConfidence {
  readonly character: ConfidenceScaling;
  readonly word: ConfidenceScaling;
}

/** What is fitted to held-out lines after training. */
export interface LineCalibration {
  /** By decoder, since each is sure in its own way. */
  readonly confidence: { readonly [decoder in LineDecoder]?: LineConfidence | undefined };
  /** How strongly the language model speaks; absent where it was fitted without one. */
  readonly fusion?: { readonly weight: number; readonly bonus: number } | undefined;
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
    ...(languageModel && { languageModel: languageModel.forCtc(alphabet) }),
    ...(fusion && { languageModelWeight: fusion.weight, lengthBonus: fusion.bonus }),
    ...(scalings && {
      calibrateCharacter: (raw: number) => scaleConfidence(Math.min(1, raw), scalings.character),
      calibrateWord: (raw: number) => scaleConfidence(Math.min(1, raw), scalings.word),
    }),
  };
}
