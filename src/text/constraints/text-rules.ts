import { TextRecognizerError } from '../../errors.ts';
import type { Alphabet } from '../alphabet.ts';
import type { CtcConstraint } from '../ctc-prefix-beam.ts';
import { checkConstraint, type DecodeOptions, type LineDecoder } from '../decode-line.ts';
import type { PreferWords } from './prefer-words.ts';

/** What is known of a line before it is read. All but `likelyWords` are kept to without exception. */
export interface TextRules {
  /** The only characters that occur: single ones and ranges, e.g. `0-9.,€`. */
  readonly characters?: string | undefined;
  /** A regular expression that the whole line matches, e.g. `[A-Z]{2}\\d{6}`. */
  readonly pattern?: string | undefined;
  /** A closed list; the whole line is one of its entries. */
  readonly words?: readonly string[] | undefined;
  /** Words that the language model should expect: names, places, terms. */
  readonly likelyWords?: readonly string[] | undefined;
}

/** Whether a line is read as it would be without rules. */
export function hasRules({ characters, pattern, words, likelyWords }: TextRules): boolean {
  return [characters, pattern, words, likelyWords].some((rule) => rule !== undefined);
}

/**
 * Which decoder keeps to the rules where none was asked for: `beam` for a pattern or a closed list, of which a language model knows
 * nothing, `lm` for likely words, otherwise the first of `decoders` that searches.
 */
export function decoderForRules(rules: TextRules, decoders: readonly LineDecoder[]): LineDecoder | undefined {
  if (!hasRules(rules)) return undefined;
  if (rules.pattern !== undefined || rules.words !== undefined) return 'beam';
  if (rules.likelyWords !== undefined) return 'lm';
  return decoders.find((decoder) => decoder !== 'greedy');
}

/** Rules for an alphabet, ready for the search. */
export interface CompiledRules {
  readonly constraint?: CtcConstraint | undefined;
  readonly prefer?: PreferWords;
}

/** Throws INVALID_ARGUMENT for rules that cannot be kept. What compiles them is loaded when it is first needed. */
export async function compileRules(rules: TextRules, alphabet: Alphabet): Promise<CompiledRules> {
  if (!hasRules(rules)) return {};
  const { textConstraint } = await import('./text-constraint.ts');
  const constraint = textConstraint(rules, alphabet);
  if (rules.likelyWords === undefined) return { constraint };
  const { preferWords } = await import('./prefer-words.ts');
  return { constraint, prefer: preferWords(rules.likelyWords, alphabet) };
}

/** The options of a decoder with the rules in them, for some lines; throws INVALID_ARGUMENT where the decoder cannot keep to them. */
export function applyRules(options: DecodeOptions, { constraint, prefer }: CompiledRules): DecodeOptions {
  checkConstraint(options.decoder, { constraint });
  const { languageModel } = options;
  if (prefer === undefined) return { ...options, constraint };
  if (languageModel === undefined) {
    throw new TextRecognizerError('INVALID_ARGUMENT', 'Likely words need a language model; decode with "lm".');
  }
  return { ...options, constraint, languageModel: prefer(languageModel) };
}
