import { TextRecognizerError } from '../../errors.ts';
import type { Alphabet } from '../alphabet.ts';
import { characterSet } from './character-set.ts';
import { patternStates } from './pattern-states.ts';
import { type DraftState, TextAutomaton } from './text-automaton.ts';
import type { TextRules } from './text-rules.ts';
import { wordStates } from './word-states.ts';

/** The texts that keep to the rules, or undefined where there are none. Throws `INVALID_ARGUMENT` where no text can. */
export function textConstraint(
  { characters, pattern, words }: TextRules,
  alphabet: Alphabet,
): TextAutomaton | undefined {
  if (pattern !== undefined && words !== undefined) {
    throw new TextRecognizerError('INVALID_ARGUMENT', 'Give either a pattern or a list of words, not both.');
  }
  const allowed = characters === undefined ? undefined : characterSet(characters, alphabet);
  const states = statesOf(pattern, words, alphabet) ?? (allowed && anyOf(allowed));
  if (states === undefined) return undefined;
  const automaton = new TextAutomaton(allowed ? states.map((state) => within(state, allowed)) : states);
  if (!automaton.isEmpty) return automaton;
  const rules = JSON.stringify({ characters, pattern, words: words && `${words.length} words` });
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `No text keeps to the rules ${rules}, as far as the model can read characters.`,
  );
}

function statesOf(
  pattern: string | undefined,
  words: readonly string[] | undefined,
  alphabet: Alphabet,
): DraftState[] | undefined {
  if (pattern !== undefined) return patternStates(pattern, alphabet);
  return words && wordStates(words, alphabet);
}

function anyOf(labels: ReadonlySet<number>): DraftState[] {
  return [{ next: new Map([...labels].map((label) => [label, 0])), isFinal: true }];
}

function within({ next, isFinal }: DraftState, allowed: ReadonlySet<number>): DraftState {
  return { next: new Map([...next].filter(([label]) => allowed.has(label))), isFinal };
}
