import type { Point } from '../../../images/affine.ts';
import type { GrayImage } from '../../../images/gray-image.ts';
import type { Random } from '../../../random/random.ts';

/**
 * A projective map from pixels of a view to pixels of a page, row by row `[a, b, c, d, e, f, g, h]`:
 * x' = (a x + b y + c) / (g x + h y + 1), y' = (d x + e y + f) / (g x + h y + 1).
 */
export type Homography = readonly [number, number, number, number, number, number, number, number];

export interface PageViewOptions {
  /** The side of the view in pixels. */
  readonly size: number;
  /** Heights in pixels that an ordinary line of the page may have in the view, a range. */
  readonly lineHeight: readonly [number, number];
  /** Most degrees of rotation, and most of each of the other changes, see `drawView`. */
  readonly rotation: number;
}

/** A view of a page as a camera may have it: scaled, turned, leaning and in perspective, around some place of the page. */
export function drawView(
  { width, height }: Pick<GrayImage, 'width' | 'height'>,
  usualHeight: number,
  { size, lineHeight, rotation }: PageViewOptions,
  random: Random,
): Homography {
  const wanted = Math.exp(random.between(Math.log(lineHeight[0]), Math.log(lineHeight[1])));
  const scale = usualHeight / wanted;
  const angle =
    ((random.uniform() < 0.7 ? random.normal() * 1.2 : random.between(-rotation, rotation)) * Math.PI) / 180;
  const aspect = Math.exp(0.08 * random.normal());
  const lean = 0.04 * random.normal();
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  const [a, b] = [cos * aspect, -sin + lean * scale];
  const [d, e] = [sin * aspect, cos];
  const [g, h] = [0, 0].map(() => (random.uniform() < 0.4 ? random.between(-0.2, 0.2) / size : 0));
  // The middle of the view lies on the page, or a little beside it so that its rim and what is around it come into view.
  const reach = (0.5 * size * scale) / 2;
  const x = random.between(Math.min(reach, width / 2) - 0.5 * reach, Math.max(width - reach, width / 2) + 0.5 * reach);
  const y = random.between(
    Math.min(reach, height / 2) - 0.5 * reach,
    Math.max(height - reach, height / 2) + 0.5 * reach,
  );
  const middle = size / 2;
  const weight = g * middle + h * middle + 1;
  return [a, b, x * weight - a * middle - b * middle, d, e, y * weight - d * middle - e * middle, g, h];
}

/** The page's pixel that a view's pixel shows. */
export function toPage([a, b, c, d, e, f, g, h]: Homography, [x, y]: Point): Point {
  const weight = g * x + h * y + 1;
  return [(a * x + b * y + c) / weight, (d * x + e * y + f) / weight];
}

/** The map of the other direction. */
export function inverse([a, b, c, d, e, f, g, h]: Homography): Homography {
  const rows = [
    e - f * h,
    c * h - b,
    b * f - c * e,
    f * g - d,
    a - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
  const [last] = rows.slice(8);
  const [p, q, r, s, t, u, v, w] = rows.map((value) => value / last);
  return [p, q, r, s, t, u, v, w];
}

/** The view's pixels, bilinearly, `[size, size]`; beside the page stands `around`, `[size, size]`. */
export function lookThrough(page: GrayImage, view: Homography, size: number, around: Uint8Array): Uint8Array {
  const { width, height, data } = page;
  const seen = new Uint8Array(size * size);
  const [a, b, c, d, e, f, g, h] = view;
  // A view that is much coarser than the page averages four samples for each pixel.
  const offsets = Math.hypot(a, d) > 1.6 ? [-0.25, 0.25] : [0];
  const share = 1 / offsets.length ** 2;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let [sum, covered] = [0, 0];
      for (const dy of offsets) {
        for (const dx of offsets) {
          const [vx, vy] = [x + 0.5 + dx, y + 0.5 + dy];
          const weight = 1 / (g * vx + h * vy + 1);
          const px = (a * vx + b * vy + c) * weight - 0.5;
          const py = (d * vx + e * vy + f) * weight - 0.5;
          if (!(px >= 0 && py >= 0 && px < width - 1 && py < height - 1)) continue;
          const left = px | 0;
          const top = py | 0;
          const at = top * width + left;
          const [fx, fy] = [px - left, py - top];
          const upper = data[at] + fx * (data[at + 1] - data[at]);
          const lower = data[at + width] + fx * (data[at + width + 1] - data[at + width]);
          sum += upper + fy * (lower - upper);
          covered++;
        }
      }
      const at = y * size + x;
      seen[at] = share * (sum + (offsets.length ** 2 - covered) * around[at]) + 0.5;
    }
  }
  return seen;
}
