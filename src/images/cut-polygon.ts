import type { Point } from './affine.ts';
import { type Box, crop, growBox } from './crop.ts';
import { paperLight } from './flatten-background.ts';
import { forEachSpan, wholeBoxOf } from './fill-polygon.ts';
import type { GrayImage } from './gray-image.ts';
import { areStrokesDark } from './stroke-polarity.ts';
import { invert } from './invert.ts';

/** Of the polygon's height, the margin of paper around it. */
const MARGIN_SHARE = 1 / 8;

/** The part of a page that `cutPolygon` cuts out for a polygon. */
export function frameOf(page: GrayImage, polygon: readonly Point[]): Box {
  const box = wholeBoxOf(polygon);
  return growBox(box, Math.round((box.bottom - box.top) * MARGIN_SHARE), page.width, page.height);
}

/**
 * Cuts what a polygon encloses out of a page, with a margin. What lies outside of it, the lines above and below, is painted over
 * with the paper as it looks there, so that no edge is left. At least a pixel of the polygon must be on the page.
 */
export function cutPolygon(page: GrayImage, polygon: readonly Point[]): GrayImage {
  const { top, bottom } = wholeBoxOf(polygon);
  const height = bottom - top;
  const grown = frameOf(page, polygon);
  const piece = crop(page, grown);
  const isDark = areStrokesDark(piece);
  const light = paperLight(isDark ? piece : invert(piece), Math.max(3, height / 2));
  const paper = isDark ? light : invert(light);
  const data = paper.data.slice();
  forEachSpan(polygon, grown, (y, from, to) => {
    const row = (y - grown.top) * piece.width - grown.left;
    data.set(piece.data.subarray(row + from, row + to), row + from);
  });
  return { width: piece.width, height: piece.height, data };
}
