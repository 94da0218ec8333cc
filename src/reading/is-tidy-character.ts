import { encloses } from '../images/ink-box.ts';
import type { InkMarks } from '../images/ink-marks.ts';
import { isOfLetters } from './letter-height.ts';

/** Of the picture's longer side, what the ink covers at least along one of its own. */
const LEAST_FILL = 0.25;
/** A character has its dots and accents, and strokes that broke. */
const MOST_MARKS = 5;
/** Light that changes more is a shadow, or the edge of a sheet. */
const MOST_UNEVEN = 0.28;

/** Whether the ink is one character or short word that fills its picture, so that there is nothing to cut away. */
export function isTidyCharacter(ink: InkMarks): boolean {
  const { width, height, box, marks, isCluttered, unevenness } = ink;
  const fill = Math.max(box.right - box.left, box.bottom - box.top) / Math.max(width, height);
  if (marks.some((mark) => marks.some((other) => encloses(mark.box, other.box)))) return false;
  return (
    !isCluttered && unevenness <= MOST_UNEVEN && marks.length <= MOST_MARKS && fill >= LEAST_FILL && isOfLetters(ink)
  );
}
