import { TextRecognizerError } from '../errors.ts';
import type { Alphabet } from './alphabet.ts';
import type { Alternative } from './alternative.ts';
import { characterAlternatives } from './character-alternatives.ts';
import { ctcAlign, ctcLogLikelihood } from './ctc-align.ts';
import { ctcGreedy } from './ctc-greedy.ts';
import { type BeamHypothesis, type BeamOptions, ctcPrefixBeam } from './ctc-prefix-beam.ts';
import { type CtcCharacter, textOf, type CtcWord, wordsOf } from './ctc-reading.ts';
import { editOperations } from './edit-operations.ts';
import { logSoftmax } from './log-softmax.ts';
import { wordAlternatives } from './word-alternatives.ts';

/** `greedy`: the best path; `beam`: prefix beam search; `lm`: the same with a language model. */
export const lineDecoders = ['greedy', 'beam', 'lm'] as const;
export type LineDecoder = (typeof lineDecoders)[number];

export interface DecodeOptions extends BeamOptions {
  /** `lm` by default where there is a language model, otherwise `greedy`. */
  readonly decoder?: LineDecoder;
  /** Divides the logits; 1 by default. */
  readonly temperature?: number;
  /** How many other readings to return; 4 by default. Greedy decoding has none. */
  readonly alternatives?: number;
  /** Map raw confidences of characters and words to calibrated ones; they come back raw by default. */
  readonly calibrateCharacter?: (confidence: number) => number;
  readonly calibrateWord?: (confidence: number) => number;
}

/** A character as read, with what it may be instead, best first. */
export interface DecodedCharacter extends CtcCharacter {
  readonly alternatives: readonly Alternative[];
}

/** A word as read, with what it may be instead, best first; greedy decoding knows nothing else. */
export interface DecodedWord extends CtcWord {
  readonly alternatives: readonly Alternative[];
}

/** A line as read; extents are in time steps. */
export interface LineDecoding {
  readonly text: string;
  /** Of the whole text, in [0, 1]: its share of the beam, or without one the product of its words' confidences. */
  readonly confidence: number;
  readonly characters: readonly DecodedCharacter[];
  readonly words: readonly DecodedWord[];
  /** Their confidences, with that of the text read, sum to at most 1 over the beam. */
  readonly alternatives: readonly Alternative[];
}

/**
 * Reads the scores of a CTC network, logits or log-probabilities `[time, class]`. A character's raw confidence is its
 * highest probability on its stretch of the best path; with a beam, the geometric mean of that and the share of the
 * hypotheses that have it at its place. Throws `SHAPE_MISMATCH` or `INVALID_ARGUMENT`.
 */
export function decodeLine(scores: Float32Array, alphabet: Alphabet, options: DecodeOptions = {}): LineDecoding {
  const logProbabilities = logSoftmax(scores, alphabet.size, options.temperature);
  const decoder = options.decoder ?? defaultDecoderOf(options);
  checkConstraint(decoder, options);
  if (decoder === 'greedy') return decodeGreedy(logProbabilities, alphabet, options);
  if (decoder === 'lm' && options.languageModel === undefined) {
    throw new TextRecognizerError('INVALID_ARGUMENT', 'The decoder "lm" needs a language model; pass languageModel.');
  }
  const beam = { ...options, languageModel: decoder === 'lm' ? options.languageModel : undefined };
  return decodeBeam(logProbabilities, alphabet, options, ctcPrefixBeam(logProbabilities, alphabet.size, beam));
}

/** Throws INVALID_ARGUMENT for a constraint that the decoder cannot keep to. */
export function checkConstraint(decoder: LineDecoder | undefined, { constraint }: DecodeOptions): void {
  if (decoder !== 'greedy' || constraint === undefined) return;
  throw new TextRecognizerError('INVALID_ARGUMENT', 'The decoder "greedy" knows no rules; decode with "beam" or "lm".');
}

function defaultDecoderOf({ languageModel, constraint }: DecodeOptions): LineDecoder {
  if (languageModel !== undefined) return 'lm';
  return constraint === undefined ? 'greedy' : 'beam';
}

function decodeGreedy(logProbabilities: Float32Array, alphabet: Alphabet, options: DecodeOptions): LineDecoding {
  const raw = { characters: ctcGreedy(logProbabilities, alphabet), confidence: 1, others: [] };
  const decoding = finish(raw, logProbabilities, alphabet, options);
  return { ...decoding, confidence: decoding.words.reduce((product, word) => product * word.confidence, 1) };
}

function decodeBeam(
  logProbabilities: Float32Array,
  alphabet: Alphabet,
  options: DecodeOptions,
  hypotheses: readonly BeamHypothesis[],
): LineDecoding {
  const [best, ...rest] = hypotheses;
  // No text that keeps to the rules is short enough for the line.
  if (best === undefined) return { text: '', confidence: 0, characters: [], words: [], alternatives: [] };
  const fit = options.constraint ? fitOf(best.labels, logProbabilities, alphabet) : 1;
  const shares = labelShares(hypotheses);
  const characters = ctcAlign(logProbabilities, alphabet.size, best.labels).map(({ start, end, peak }, i) => ({
    character: alphabet.character(best.labels[i]),
    confidence: Math.sqrt(peak * shares[i]),
    start,
    end,
  }));
  const others = rest.map(({ labels, confidence }) => ({
    text: alphabet.decode(labels),
    confidence: confidence * fit,
  }));
  return finish({ characters, confidence: best.confidence * fit, others }, logProbabilities, alphabet, options);
}

/** How probable a text is beside the one that would be read without rules, at most 1: low where the rules do not fit the writing. */
function fitOf(labels: Uint16Array, logProbabilities: Float32Array, alphabet: Alphabet): number {
  const free = ctcGreedy(logProbabilities, alphabet).map(({ character }) => alphabet.encode(character)[0]);
  const likelihood = (of: ArrayLike<number>) => ctcLogLikelihood(logProbabilities, alphabet.size, of);
  return Math.min(1, Math.exp(likelihood(labels) - likelihood(free)));
}

/** For each label of the best hypothesis, the summed confidence of the hypotheses that match it when aligned. */
function labelShares(hypotheses: readonly BeamHypothesis[]): Float64Array {
  const [{ labels: best, confidence: own }, ...others] = hypotheses;
  const shares = new Float64Array(best.length).fill(own);
  for (const { labels, confidence } of others) {
    const { before, after } = commonEnds(best, labels);
    for (let i = 0; i < before; i++) shares[i] += confidence;
    for (let i = best.length - after; i < best.length; i++) shares[i] += confidence;
    let i = before;
    const [ours, theirs] = [best, labels].map((all) => Array.from(all.subarray(before, all.length - after)));
    for (const { kind } of editOperations(ours, theirs)) {
      if (kind === 'match') shares[i] += confidence;
      if (kind !== 'insertion') i++;
    }
  }
  return shares.map((share) => Math.min(1, share));
}

/** How many labels two hypotheses have in common at their beginning, and of the rest at their end: most differ in a few only. */
function commonEnds(a: Uint16Array, b: Uint16Array): { before: number; after: number } {
  const most = Math.min(a.length, b.length);
  let before = 0;
  while (before < most && a[before] === b[before]) before++;
  let after = 0;
  while (after < most - before && a[a.length - 1 - after] === b[b.length - 1 - after]) after++;
  return { before, after };
}

interface RawReading {
  readonly characters: readonly CtcCharacter[];
  readonly confidence: number;
  /** The other hypotheses, best first. */
  readonly others: readonly Alternative[];
}

function finish(
  { characters, confidence, others }: RawReading,
  logProbabilities: Float32Array,
  alphabet: Alphabet,
  { calibrateCharacter, calibrateWord, alternatives = 4 }: DecodeOptions,
): LineDecoding {
  const decoded = (character: CtcCharacter): DecodedCharacter => ({
    ...character,
    alternatives: characterAlternatives(logProbabilities, alphabet, character),
  });
  return {
    text: textOf(characters),
    confidence,
    characters: withConfidence(characters, calibrateCharacter).map(decoded),
    words: wordAlternatives(withConfidence(wordsOf(characters), calibrateWord), others),
    alternatives: others.slice(0, alternatives),
  };
}

function withConfidence<T extends { readonly confidence: number }>(
  readings: readonly T[],
  calibrate: ((confidence: number) => number) | undefined,
): readonly T[] {
  if (calibrate === undefined) return readings;
  return readings.map((reading) => ({ ...reading, confidence: calibrate(reading.confidence) }));
}
