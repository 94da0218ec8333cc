import { TextRecognizerError } from '../../errors.ts';
import type { Alphabet } from '../alphabet.ts';
import type { DecodeOptions, LineDecoder } from '../decode-line.ts';

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

/**
 * The options of a decoder with the rules in them; throws INVALID_ARGUMENT for rules that cannot be kept, and for likely words without
 * a language model. What compiles them is loaded when it is first needed.
 */
export async function withRules(options: DecodeOptions, rules: TextRules, alphabet: Alphabet): Promise<DecodeOptions> {
  if (!hasRules(rules)) return options;
  const { textConstraint } = await import('./text-constraint.ts');
  const constraint = textConstraint(rules, alphabet);
  const { likelyWords } = rules;
  if (likelyWords === undefined) return { ...options, constraint };
  const { languageModel } = options;
  if (languageModel === undefined) {
    throw new TextRecognizerError('INVALID_ARGUMENT', 'Likely words need a language model; decode with "lm".');
  }
  const { preferWords } = await import('./prefer-words.ts');
  return { ...options, constraint, languageModel: preferWords(languageModel, likelyWords, alphabet) };
}
