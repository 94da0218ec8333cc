import type { Component } from '../images/connected-components.ts';
import type { InkMarks } from '../images/ink-marks.ts';

/** Of a letter's height: strokes are as thick; lines that touch each other look thinner, a sheet on a desk thicker. */
const THINNEST = 0.03;
const THICKEST = 0.3;
/** Of the picture's height: what hangs together over more is a frame, a rule or a desk with all that is on it. */
const HIGHEST = 0.95;
/** Of a line's height, with all that goes up and down. */
const LETTER_SHARE = 0.7;

/** The height that half of all ink stands below: that of letters, not of dots or of words that hang together with a neighbour. */
export function letterHeight(marks: readonly Component[]): number {
  const byHeight = marks
    .map(({ box, area }) => ({ height: box.bottom - box.top, area }))
    .sort((a, b) => a.height - b.height);
  let left = byHeight.reduce((sum, { area }) => sum + area, 0) / 2;
  for (const { height, area } of byHeight) {
    left -= area;
    if (left <= 0) return height;
  }
  return 1;
}

/** How high a line of such letters is, as the page network counts it. */
export function lineHeight({ marks }: InkMarks): number {
  return letterHeight(marks) / LETTER_SHARE;
}

/** Whether what hangs together may be letters, by its height and its strokes. */
export function isOfLetters({ height, marks, stroke }: InkMarks): boolean {
  const letter = letterHeight(marks);
  return letter <= HIGHEST * height && stroke >= THINNEST * letter && stroke <= THICKEST * letter;
}
