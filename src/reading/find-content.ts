import { isCharacterImage } from '../images/character-stem.ts';
import { type Component, unionBox } from '../images/connected-components.ts';
import type { Box } from '../images/crop.ts';
import type { GrayImage } from '../images/gray-image.ts';
import { findMarks, type InkMarks } from '../images/ink-marks.ts';
import { countLines } from './count-lines.ts';

/** What a picture shows; `unclear` is a character, or a short word that hangs together. */
export type Content = 'blank' | 'character' | 'unclear' | 'line' | 'lines';

/** Marks above one another by this share of the narrower one's width are one body: an i and its dot, the bars of a broken E. */
const OVERLAP_SHARE = 0.5;
/** Marks this near each other, in widths of the stroke, are a stroke that broke. */
const LEAST_GAP = 0.3;
/** A letter beside others is at least this share of the height of all, and has this share of the largest one's ink. */
const LEAST_HEIGHT = 0.35;
const LEAST_AREA = 0.15;
/** Letters cross a horizontal line this often at most; only broad ones (M, W, m, w) so often, and few more than twice. */
const MOST_STROKES = 4;
const MANY_STROKES = 3;
const BROAD = 1.2;
/** No letter is broader for its height. */
const BROADEST = 3;
/** The number of strokes is that of the rows with most of them, but for this share. */
const ROW_SHARE = 0.1;

/**
 * What is in a picture, whatever its shape: several bodies of ink side by side, or one that a line crosses oftener than any
 * letter, are writing; one body with its dots, accents and broken strokes is a character, or unclear if it has many strokes. Measured in
 * docs/adr.
 */
export function findContent(image: GrayImage): Content {
  return examinePicture(image).content;
}

/** What a picture shows, and its ink unless it is blank or has been through the stem of characters. */
export interface Examined {
  readonly content: Content;
  readonly ink?: InkMarks;
  /** It has been through the stem of characters. */
  readonly isStemmed?: true;
}

/** `findContent`, with the ink that it went by. */
export function examinePicture(image: GrayImage): Examined {
  if (isCharacterImage(image)) {
    return { content: image.data.some((value) => value > 127) ? 'character' : 'blank', isStemmed: true };
  }
  const ink = findMarks(image);
  if (ink === undefined) return { content: 'blank' };
  return { content: countLines(ink) > 1 ? 'lines' : contentOf(ink), ink };
}

function contentOf({ width, mask, box, stroke, marks }: InkMarks): Content {
  const height = box.bottom - box.top;
  const bodies = joinBodies(marks, LEAST_GAP * stroke);
  const largest = bodies.reduce((most, { area }) => Math.max(most, area), 0);
  const letters = bodies.filter(
    (body) => body.box.bottom - body.box.top >= LEAST_HEIGHT * height && body.area >= LEAST_AREA * largest,
  );
  if (letters.length > 1) return 'line';
  const strokes = strokesAcross(mask, width, box);
  const breadth = (box.right - box.left) / height;
  const isLine = breadth > BROADEST || strokes > MOST_STROKES || (strokes === MOST_STROKES && breadth < BROAD);
  if (isLine) return 'line';
  return strokes >= MANY_STROKES ? 'unclear' : 'character';
}

/** Joins marks that stand above one another, or nearer than `gap` beside each other. */
function joinBodies(marks: readonly Component[], gap: number): Component[] {
  const bodies: Component[] = [];
  for (const mark of marks.toSorted((a, b) => b.area - a.area)) {
    let joined = mark;
    for (let i = bodies.length - 1; i >= 0; i--) {
      if (!isOneBody(joined.box, bodies[i].box, gap)) continue;
      joined = { box: unionBox([joined.box, bodies[i].box])!, area: joined.area + bodies[i].area };
      bodies.splice(i, 1);
    }
    bodies.push(joined);
  }
  return bodies;
}

function isOneBody(a: Box, b: Box, gap: number): boolean {
  const overlap = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const isAbove = overlap >= OVERLAP_SHARE * Math.min(a.right - a.left, b.right - b.left);
  return isAbove || (overlap <= 0 && -overlap < gap);
}

/** How often a horizontal line crosses ink, in the rows where it does so most. */
function strokesAcross(mask: Uint8Array, width: number, { left, top, right, bottom }: Box): number {
  const counts: number[] = [];
  for (let y = top; y < bottom; y++) {
    let count = 0;
    for (let i = y * width + left; i < y * width + right; i++) {
      if (mask[i] === 1 && (i === y * width + left || mask[i - 1] === 0)) count++;
    }
    counts.push(count);
  }
  return counts.sort((a, b) => b - a)[Math.floor(ROW_SHARE * counts.length)];
}
