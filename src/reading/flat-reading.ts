import type { Alternative } from '../text/alternative.ts';
import type { LineReading, Polygon } from './reading.ts';

/** A part of a reading with its left and right edge, in pixels of the picture. */
export interface FlatPart extends Alternative {
  readonly left: number;
  readonly right: number;
}

/** The characters, spaces included, and the words of some lines, one after the other, for those who want no tree. */
export function flatReading(lines: readonly LineReading[]): {
  readonly characters: readonly (FlatPart & { readonly alternatives: readonly Alternative[] })[];
  readonly words: readonly FlatPart[];
} {
  return {
    characters: lines.flatMap(({ characters }) =>
      characters.map((each) => ({ ...flat(each), alternatives: each.alternatives })),
    ),
    words: lines.flatMap(({ words }) => words.map(flat)),
  };
}

function flat({ text, confidence, polygon }: Alternative & { readonly polygon: Polygon }): FlatPart {
  return Object.assign({ text, confidence }, extentOf(polygon));
}

/** The left and the right edge of a polygon. */
export function extentOf(polygon: Polygon): { left: number; right: number } {
  const xs = polygon.map(([x]) => x);
  return { left: Math.min(...xs), right: Math.max(...xs) };
}
