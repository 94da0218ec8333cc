import { Alphabet } from '../alphabet.ts';
import { rangesOf } from './character-set.ts';
import { patternStates } from './pattern-states.ts';
import type { TextRules } from './text-rules.ts';

/**
 * Which of `classes` keep to the rules as a whole text: for what reads one character, to which entries and characters that it does not
 * know do not matter. Throws `INVALID_ARGUMENT` for rules that cannot be understood.
 */
export function allowedCharacters(
  { characters, pattern, words }: TextRules,
  classes: readonly string[],
): ReadonlySet<string> {
  const ranges = characters === undefined ? undefined : rangesOf(characters);
  const matching = pattern === undefined ? undefined : matchingCharacters(pattern, classes);
  const entries = words && new Set(words.map((word) => word.trim().normalize('NFC')));
  const isInRanges = (code: number) => ranges?.some(([first, last]) => code >= first && code <= last) ?? true;
  const allowed = classes.filter(
    (text) =>
      isInRanges(text.codePointAt(0)!) && (matching?.has(text) ?? true) && (entries === undefined || entries.has(text)),
  );
  return new Set(allowed);
}

function matchingCharacters(pattern: string, classes: readonly string[]): ReadonlySet<string> {
  const alphabet = new Alphabet(classes.join(''));
  const states = patternStates(pattern, alphabet);
  const isMatch = (text: string) => {
    const target = states[0].next.get(alphabet.encode(text)[0]);
    return target !== undefined && states[target].isFinal;
  };
  return new Set(classes.filter(isMatch));
}
