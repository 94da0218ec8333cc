import type { Point } from '../images/affine.ts';
import type { Alternative } from '../text/alternative.ts';

/*
 * What is read in a picture, as a tree: page, lines, words, characters. Places are in pixels of the picture as it was given, turned
 * upright as its EXIF orientation says and not scaled: pixel i reaches from i to i + 1. Confidences are calibrated: the
 * probability, in [0, 1], that the text is right.
 */

/** Corners in order, clockwise from the upper left one of the writing; a rotated line has rotated corners. */
export type Polygon = readonly Point[];

/** A character as read; `alternatives` are what else it may be, best first. */
export interface CharacterReading extends Alternative {
  readonly alternatives: readonly Alternative[];
  readonly polygon: Polygon;
}

/** What is between spaces. */
export interface WordReading extends Alternative {
  readonly alternatives: readonly Alternative[];
  readonly polygon: Polygon;
  readonly characters: readonly CharacterReading[];
}

/** A line of writing, with other readings of the whole of it. */
export interface LineReading extends Alternative {
  readonly alternatives: readonly Alternative[];
  readonly polygon: Polygon;
  /** What the letters stand on, from left to right. */
  readonly baseline: readonly Point[];
  readonly words: readonly WordReading[];
  /** Those of the words and the spaces between them, in the order of the text. */
  readonly characters: readonly CharacterReading[];
  /** The picture's upper or lower rim cuts the writing, so that the text may be wrong; absent otherwise. */
  readonly cut?: true;
}

/** What a picture may hold. */
export const readingKinds = ['blank', 'character', 'line', 'page'] as const;
export type ReadingKind = (typeof readingKinds)[number];

/** What was read in a picture; a blank one has no lines. */
export interface Reading extends Alternative {
  readonly kind: ReadingKind;
  readonly alternatives: readonly Alternative[];
  readonly lines: readonly LineReading[];
  /** The name of the model that read it, or that would have read a blank picture. */
  readonly model: string;
  /** The terms of that model. */
  readonly licence: string;
  /** Size of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels on an inch of the sheet, where the file says so: pages of a PDF are drawn with it. */
  readonly resolution?: number;
  /** Which page or frame was read, from 1, and how many the file has; only where it has several. */
  readonly page?: number;
  readonly pages?: number;
}
