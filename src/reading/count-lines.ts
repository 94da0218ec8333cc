import type { InkMarks } from '../images/ink-marks.ts';
import { letterHeight } from './letter-height.ts';

/** Fewer marks are no several lines, but a fraction, say, or a colon. */
const LEAST_MARKS = 6;
/** A strip in which lines are counted is as wide as this many letters are high, so that a slope does not join lines. */
const STRIP_LETTERS = 4;
/** In units of a letter's height: a row of writing is at least so high, and so far from the next. */
const LEAST_ROW = 0.4;
const LEAST_GAP = 0.2;
/** So many of the strips with ink must show several rows. */
const STRIP_SHARE = 0.5;

/**
 * How many lines of writing stand above one another, where that is plain: in most strips of the picture rows of the height of
 * letters with a gap between them. What is cut by the upper or lower edge is a neighbour, not a line.
 */
export function countLines(ink: InkMarks): number {
  if (ink.marks.length < LEAST_MARKS) return 1;
  const letter = letterHeight(ink.marks);
  const { left, right } = ink.box;
  const strips = Math.max(1, Math.round((right - left) / (STRIP_LETTERS * letter)));
  const counts: number[] = [];
  for (let i = 0; i < strips; i++) {
    const edge = (strip: number) => Math.round(left + (strip * (right - left)) / strips);
    const rows = rowsOf(ink, edge(i), edge(i + 1), letter);
    if (rows > 0) counts.push(rows);
  }
  const several = counts.filter((count) => count > 1);
  if (several.length < STRIP_SHARE * counts.length || several.length === 0) return 1;
  return several.sort((a, b) => a - b)[several.length >> 1];
}

/** Rows of writing between two columns, those cut by the edges left aside. */
function rowsOf({ width, height, mask }: InkMarks, from: number, to: number, letter: number): number {
  const isInked = (y: number) => mask.subarray(y * width + from, y * width + to).includes(1);
  let rows = 0;
  let [start, end] = [-1, -1];
  for (let y = 0; y <= height; y++) {
    if (y < height && isInked(y)) {
      if (start < 0) start = y;
      end = y + 1;
    } else if (start >= 0 && (y === height || y - end >= LEAST_GAP * letter)) {
      if (end - start >= LEAST_ROW * letter && start > 0 && end < height) rows++;
      start = -1;
    }
  }
  return rows;
}
