import type { Point } from './affine.ts';
import type { GrayImage } from './gray-image.ts';

/** A projective map of the plane: (x, y) → ((a x + b y + c) / w, (d x + e y + f) / w), where w = g x + h y + 1. */
export type Homography = readonly [
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
];

/** Corners from the upper left one clockwise. */
export type Quadrilateral = readonly [Point, Point, Point, Point];

/** Maps a rectangle of `width` × `height` onto a convex quadrilateral (Heckbert 1989, section 2.2.3). */
export function homographyOnto([p0, p1, p2, p3]: Quadrilateral, width: number, height: number): Homography {
  const [dx1, dy1] = [p1[0] - p2[0], p1[1] - p2[1]];
  const [dx2, dy2] = [p3[0] - p2[0], p3[1] - p2[1]];
  const [sx, sy] = [p0[0] - p1[0] + p2[0] - p3[0], p0[1] - p1[1] + p2[1] - p3[1]];
  const area = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / area;
  const h = (dx1 * sy - sx * dy1) / area;
  return [
    (p1[0] - p0[0] + g * p1[0]) / width,
    (p3[0] - p0[0] + h * p3[0]) / height,
    p0[0],
    (p1[1] - p0[1] + g * p1[1]) / width,
    (p3[1] - p0[1] + h * p3[1]) / height,
    p0[1],
    g / width,
    h / height,
  ];
}

export function applyHomography([a, b, c, d, e, f, g, h]: Homography, [x, y]: Point): Point {
  const w = g * x + h * y + 1;
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

/** The picture of `width` × `height` whose pixels come from where `map` leads in `image`, bilinearly. */
export function warpPerspective(image: GrayImage, map: Homography, width: number, height: number): GrayImage {
  const data = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const [fromX, fromY] = applyHomography(map, [x + 0.5, y + 0.5]);
      data[i] = sample(image, fromX - 0.5, fromY - 0.5) + 0.5;
    }
  }
  return { width, height, data };
}

/** Beyond the rim, its pixels are repeated. */
function sample({ width, height, data }: GrayImage, x: number, y: number): number {
  const [left, top] = [Math.max(0, Math.min(width - 1, x)), Math.max(0, Math.min(height - 1, y))];
  const [x0, y0] = [Math.floor(left), Math.floor(top)];
  const [x1, y1] = [Math.min(width - 1, x0 + 1), Math.min(height - 1, y0 + 1)];
  const [shareX, shareY] = [left - x0, top - y0];
  const upper = data[y0 * width + x0] * (1 - shareX) + data[y0 * width + x1] * shareX;
  const lower = data[y1 * width + x0] * (1 - shareX) + data[y1 * width + x1] * shareX;
  return upper * (1 - shareY) + lower * shareY;
}
