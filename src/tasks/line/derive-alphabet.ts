import type { LineDataset } from '../../datasets/lines/line-dataset.ts';
import { TextRecognizerError } from '../../errors.ts';
import { Alphabet } from '../../text/alphabet.ts';
import { hasStruckOut } from '../../text/normalize-text.ts';

/** Characters that occur less often are named to the user: a network has hardly a chance to learn them. */
const fewOccurrences = 20;

export interface DerivedAlphabet {
  readonly alphabet: Alphabet;
  /** What is rare, in it or left out of it: for the reader of the log. */
  readonly notice: string;
}

/**
 * The alphabet of the characters that occur at least `minCount` times in the texts, in order of their code points; lines with
 * struck-out words, which no training learns from, do not count. Throws INVALID_ARGUMENT where there is none.
 */
export function deriveAlphabet(datasets: readonly LineDataset[], minCount: number): DerivedAlphabet {
  const counts = countCharacters(datasets);
  const all = [...counts.keys()].toSorted((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  const [kept, leftOut] = [true, false].map((isKept) => all.filter((it) => counts.get(it)! >= minCount === isKept));
  if (kept.length === 0) {
    const names = datasets.map(({ name }) => name).join(', ');
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `No character occurs ${minCount} times in ${names}: lower data.alphabet.minCount.`,
    );
  }
  const list = (characters: readonly string[]) =>
    characters.map((character) => `${JSON.stringify(character)} ${counts.get(character)}`).join(', ') || 'none';
  const left = minCount > 1 ? `\n  Left out, fewer than ${minCount} times: ${list(leftOut)}.` : '';
  const rare = kept.filter((character) => counts.get(character)! < fewOccurrences);
  return {
    alphabet: new Alphabet(kept.join('')),
    notice: `Alphabet of ${kept.length} characters: ${kept.join('')}\n  Fewer than ${fewOccurrences} times: ${list(rare)}.${left}`,
  };
}

function countCharacters(datasets: readonly LineDataset[]): Map<string, number> {
  const counts = new Map<string, number>();
  // A set may be named twice, plain and fitted; its texts count once.
  const texts = new Set(datasets.flatMap(({ lines }) => lines.map(({ id, text }) => `${id}\0${text}`)));
  for (const entry of texts) {
    const text = entry.slice(entry.indexOf('\0') + 1);
    if (hasStruckOut(text)) continue;
    for (const character of text.normalize('NFC').replace(/\s+/gu, ' ').trim()) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
  }
  return counts;
}
