import { isCharacterImage } from '../../../src/images/character-stem.ts';
import { flattenBackground } from '../../../src/images/flatten-background.ts';
import type { GrayImage } from '../../../src/images/gray-image.ts';
import { findInk } from '../../../src/images/ink-box.ts';
import { inkLevels } from '../../../src/images/ink-levels.ts';
import { isInkDark } from '../../../src/images/ink-polarity.ts';
import { invert } from '../../../src/images/invert.ts';
import { shrinkTo } from '../../../src/images/shrink.ts';
import type { Region } from './reading.ts';

/** Longest side at which ink is looked for, in pixels, as in the character stem. */
const SEARCH_SIDE = 192;

/** Where the ink is, by the first step of the character stem; undefined where there is none. */
export function findInkRegion(image: GrayImage): Region | undefined {
  if (isCharacterImage(image)) return { left: 0, top: 0, right: 1, bottom: 1 };
  const small = shrinkTo(isInkDark(image) ? image : invert(image), SEARCH_SIDE);
  const { width, height } = small;
  const flat = flattenBackground(small, Math.max(width, height) / 2);
  const levels = inkLevels(flat);
  const box = levels && findInk(flat, levels.threshold)?.box;
  if (box === undefined) return undefined;
  return { left: box.left / width, top: box.top / height, right: box.right / width, bottom: box.bottom / height };
}
