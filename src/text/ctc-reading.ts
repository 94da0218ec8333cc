/** A character as read, with the time steps [start, end) in which the network emitted it. */
export interface CharacterReading {
  readonly character: string;
  /** In [0, 1]. */
  readonly confidence: number;
  readonly start: number;
  readonly end: number;
}

/** A word as read: what stands between spaces, with the time steps [start, end) from its first to its last character. */
export interface WordReading {
  readonly text: string;
  /** The product of its characters' confidences, in [0, 1]. */
  readonly confidence: number;
  readonly start: number;
  readonly end: number;
}

/** The text of characters. */
export function textOf(characters: readonly CharacterReading[]): string {
  return characters.map(({ character }) => character).join('');
}

/** The words between the spaces of a reading. */
export function wordsOf(characters: readonly CharacterReading[]): WordReading[] {
  const words: WordReading[] = [];
  let first = 0;
  for (let i = 0; i <= characters.length; i++) {
    if (i < characters.length && characters[i].character !== ' ') continue;
    if (i > first) words.push(wordOf(characters.slice(first, i)));
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

function wordOf(characters: readonly CharacterReading[]): WordReading {
  return {
    text: textOf(characters),
    confidence: characters.reduce((product, { confidence }) => product * confidence, 1),
    start: characters[0].start,
    end: characters[characters.length - 1].end,
  };
}
