import { TextRecognizerError } from '../../errors.ts';
import type { Alphabet } from '../alphabet.ts';

/**
 * The classes of the characters that `set` names: single ones and ranges such as `0-9`; a hyphen at either end and anything after a
 * backslash stand for themselves. Throws `INVALID_ARGUMENT` for a range that runs backwards and for characters outside the alphabet.
 */
export function characterSet(set: string, alphabet: Alphabet): ReadonlySet<number> {
  const labels = new Set<number>();
  for (const [first, last] of rangesOf(set)) {
    const known = alphabet.characters.filter((character) => {
      const code = character.codePointAt(0)!;
      return code >= first && code <= last;
    });
    if (known.length === 0 || (first === last && known.length !== 1)) throw unknown(set, first);
    for (const character of known) labels.add(alphabet.encode(character)[0]);
  }
  return labels;
}

/** Ranges of code points, `[first, last]`; throws `INVALID_ARGUMENT` for none and for one that runs backwards. */
export function rangesOf(set: string): [first: number, last: number][] {
  const characters = [...set.normalize('NFC')];
  if (characters.length === 0) {
    throw new TextRecognizerError('INVALID_ARGUMENT', 'The set of characters is empty; name some, e.g. 0-9.,€');
  }
  const ranges: [number, number][] = [];
  for (let i = 0; i < characters.length; i++) {
    if (characters[i] === '\\' && i + 1 < characters.length) i++;
    const first = characters[i].codePointAt(0)!;
    const isRange = characters[i + 1] === '-' && i + 2 < characters.length;
    if (isRange) i += characters[i + 2] === '\\' && i + 3 < characters.length ? 3 : 2;
    const last = characters[i].codePointAt(0)!;
    if (last < first) {
      throw new TextRecognizerError(
        'INVALID_ARGUMENT',
        `The set of characters ${JSON.stringify(set)} has a range that runs backwards, from ${String.fromCodePoint(first)} to ${characters[i]}. Swap them, or write \\- for a hyphen.`,
      );
    }
    ranges.push([first, last]);
  }
  return ranges;
}

function unknown(set: string, code: number): TextRecognizerError {
  const character = JSON.stringify(String.fromCodePoint(code));
  return new TextRecognizerError(
    'INVALID_ARGUMENT',
    `The set of characters ${JSON.stringify(set)} names ${character}, which the model cannot read. Its alphabet is in its card.`,
  );
}
