import type { Point } from '../images/affine.ts';
import type { ImageSize } from '../images/decode-image.ts';
import type { GrayImage } from '../images/gray-image.ts';
import { type Homography, homographyOnto, type Quadrilateral, warpPerspective } from '../images/homography.ts';
import { findSheet } from './find-sheet.ts';

/** A sheet as if seen from straight above. */
export interface RectifiedSheet {
  readonly image: GrayImage;
  /** From its pixels to those of the picture as it was given. */
  readonly perspective: Homography;
}

/** The sheet in a picture that shows it at an angle, with its edges; undefined where there is none. `original` is the picture before it was shrunk. */
export function rectifySheet(picture: GrayImage, original: ImageSize): RectifiedSheet | undefined {
  const corners = findSheet(picture);
  if (corners === undefined) return undefined;
  const side = (a: Point, b: Point) => Math.hypot(b[0] - a[0], b[1] - a[1]);
  const [upperLeft, upperRight, lowerRight, lowerLeft] = corners;
  const width = Math.round(Math.max(side(upperLeft, upperRight), side(lowerLeft, lowerRight)));
  const height = Math.round(Math.max(side(upperLeft, lowerLeft), side(upperRight, lowerRight)));
  const [x, y] = [original.width / picture.width, original.height / picture.height];
  const given = corners.map((point): Point => [x * point[0], y * point[1]]) as unknown as Quadrilateral;
  return {
    image: warpPerspective(picture, homographyOnto(corners, width, height), width, height),
    perspective: homographyOnto(given, width, height),
  };
}
