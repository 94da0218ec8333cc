/** A character as read, with the time steps [start, end) in which the network emitted it. */
export interface CtcCharacter {
  readonly character: string;
  /** In [0, 1]. */
  readonly confidence: number;
  readonly start: number;
  readonly end: number;
}

/** A word as read: what is between spaces, with the time steps [start, end) from its first to its last character. */
export interface CtcWord {
  readonly text: string;
  /** The product of its characters' confidences, in [0, 1]. */
  readonly confidence: number;
  readonly start: number;
  readonly end: number;
  /** Its characters are those of the line from the index `first` up to `last`, both included. */
  readonly first: number;
  readonly last: number;
}

/** The text of characters. */
export function textOf(characters: readonly CtcCharacter[]): string {
  return characters.map(({ character }) => character).join('');
}

/** The words between the spaces of a reading. */
export function wordsOf(characters: readonly CtcCharacter[]): CtcWord[] {
  const words: CtcWord[] = [];
  let first = 0;
  for (let i = 0; i <= characters.length; i++) {
    if (i < characters.length && characters[i].character !== ' ') continue;
    if (i > first) words.push(wordOf(characters, first, i - 1));
    first = i + 1;
  }
  return words;
}

/**
 * The readings with extents that meet halfway between neighbours and reach the ends of the `steps`: CTC networks emit a
 * character in one or two steps somewhere on its ink, and blanks over the rest.
 */
export function shareGaps<T extends { readonly start: number; readonly end: number }>(
  readings: readonly T[],
  steps: number,
): T[] {
  const borders = readings.slice(1).map(({ start }, i) => (readings[i].end + start) / 2);
  return readings.map((reading, i) => ({
    ...reading,
    start: i === 0 ? 0 : borders[i - 1],
    end: i === readings.length - 1 ? steps : borders[i],
  }));
}

function wordOf(line: readonly CtcCharacter[], first: number, last: number): CtcWord {
  const characters = line.slice(first, last + 1);
  return {
    text: textOf(characters),
    confidence: characters.reduce((product, { confidence }) => product * confidence, 1),
    start: line[first].start,
    end: line[last].end,
    first,
    last,
  };
}
