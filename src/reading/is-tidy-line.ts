import type { Component } from '../images/connected-components.ts';
import type { InkMarks } from '../images/ink-marks.ts';
import { isOfLetters, letterHeight } from './letter-height.ts';

/** Of the picture's height, what the writing covers at least. */
const LEAST_FILL = 0.3;
/** The writing is at least this many times as wide as high. */
const LEAST_BREADTH = 2.5;
/** Of the writing's height: half of the ink of a line hangs together in marks that are higher. */
const LEAST_LETTER = 0.3;
/** Of the picture, what stands out faintly beside the writing at most: more are rules, dots or a cell. */
const MOST_FAINT = 0.0015;
/** A mark so many times as wide as high that covers this share of the picture's width is no word, but a rule. */
const RULE_BREADTH = 6;
const RULE_SHARE = 0.1;
/** Slopes along which rows of ink are counted, and how far apart columns are that count. */
const SLOPES = [-0.08, -0.06, -0.04, -0.02, 0, 0.02, 0.04, 0.06, 0.08];
const COLUMN_STEP = 4;
/** Of the writing's height: rows are smoothed over it. */
const SMOOTH_SHARE = 0.05;
/** A peak of this share of the highest is a line of its own if the rows between fall below that share of it. */
const PEAK_SHARE = 0.15;
const VALLEY_SHARE = 0.4;

/**
 * Whether the ink is one line that fills its picture, without rules, frame, neighbours or desk, so that there is nothing to cut away.
 * Where lines run into each other, the rows of ink between them still show a valley.
 */
export function isTidyLine(ink: InkMarks): boolean {
  const { width, height, box, marks, isCluttered, faint } = ink;
  const writing = box.bottom - box.top;
  if (
    isCluttered ||
    faint > MOST_FAINT ||
    writing < LEAST_FILL * height ||
    box.right - box.left < LEAST_BREADTH * writing
  )
    return false;
  if (!isOfLetters(ink) || letterHeight(marks) < LEAST_LETTER * writing) return false;
  return !marks.some((mark) => isRule(mark, width)) && !hasValley(smooth(levelRows(ink), SMOOTH_SHARE * writing));
}

function isRule({ box: { left, top, right, bottom } }: Component, width: number): boolean {
  return right - left > RULE_SHARE * width && right - left > RULE_BREADTH * (bottom - top);
}

/** How much ink is in each row, along the slope at which the rows differ most: that of the writing. */
function levelRows(ink: InkMarks): Float64Array {
  const spread = (rows: Float64Array) => rows.reduce((sum, count) => sum + count * count, 0);
  const candidates = SLOPES.map((slope) => rowsAlong(ink, slope));
  return candidates.reduce((best, rows) => (spread(rows) > spread(best) ? rows : best));
}

function rowsAlong({ width, mask, box: { left, top, right, bottom } }: InkMarks, slope: number): Float64Array {
  const middle = (left + right) / 2;
  const margin = Math.ceil(Math.abs(slope) * (middle - left));
  const rows = new Float64Array(bottom - top + 2 * margin);
  for (let x = left; x < right; x += COLUMN_STEP) {
    const shift = margin - top + Math.round(slope * (x - middle));
    for (let y = top, i = top * width + x; y < bottom; y++, i += width) rows[y + shift] += mask[i];
  }
  return rows;
}

function smooth(rows: Float64Array, window: number): Float64Array {
  const reach = Math.round(window / 2);
  return rows.map((_, i) => {
    const near = rows.subarray(Math.max(0, i - reach), i + reach + 1);
    return near.reduce((sum, count) => sum + count, 0) / near.length;
  });
}

function hasValley(rows: Float64Array): boolean {
  const highest = (counts: Float64Array): Float64Array => {
    let most = 0;
    return counts.map((count) => (most = Math.max(most, count)));
  };
  const [above, below] = [highest(rows), highest(rows.toReversed()).reverse()];
  const peak = above[rows.length - 1];
  return rows.some((count, i) => {
    const side = Math.min(above[i], below[i]);
    return side >= PEAK_SHARE * peak && count < VALLEY_SHARE * side;
  });
}
