import type { GrayImage } from '../../../src/images/gray-image.ts';
import { findInkRegion } from './find-ink-region.ts';
import type { ModelKind, Region } from './reading.ts';

/** From where to where a reading stands, in shares of the picture's width. */
export interface Extent {
  readonly start?: number;
  readonly end?: number;
}

/** Where in a picture readings stand: a single character where the ink is, parts of a line over the whole height. */
export function regionFinder(kind: ModelKind, image: GrayImage): (extent: Extent) => Region | undefined {
  if (kind === 'character') {
    const ink = findInkRegion(image);
    return () => ink;
  }
  return ({ start, end }) =>
    start === undefined || end === undefined ? undefined : { left: start, top: 0, right: end, bottom: 1 };
}
