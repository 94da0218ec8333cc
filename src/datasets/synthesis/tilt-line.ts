import type { GrayImage } from '../../images/gray-image.ts';

/** A change of a whole line's geometry and ink. */
export interface LineTilt {
  /** Factor on every pixel, 0 to 1. */
  readonly brightness: number;
  /** Factor on both sides. */
  readonly scale: number;
  /** Degrees, anticlockwise. */
  readonly rotation: number;
  /** Degrees by which uprights lean to the right. */
  readonly shear: number;
}

/** `line` scaled, sheared and rotated about its centre (bilinear), in an image of `height` that is wide enough for all of it. */
export function tiltLine(line: GrayImage, { brightness, scale, rotation, shear }: LineTilt, height: number): GrayImage {
  const lean = Math.tan((shear * Math.PI) / 180);
  const [cos, sin] = [Math.cos((rotation * Math.PI) / 180), Math.sin((rotation * Math.PI) / 180)];
  // Forward, with y downward: (x, y) → scale · R(rotation) · (x − lean·y, y).
  const [a, b, c, d] = [scale * cos, scale * (sin - lean * cos), -scale * sin, scale * (cos + lean * sin)];
  const width = Math.max(1, Math.ceil(Math.abs(a) * line.width + Math.abs(b) * Math.min(line.height, height / scale)));
  const determinant = a * d - b * c;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const dy = y - (height - 1) / 2;
    let sourceX = (-d * ((width - 1) / 2) - b * dy) / determinant + (line.width - 1) / 2;
    let sourceY = (c * ((width - 1) / 2) + a * dy) / determinant + (line.height - 1) / 2;
    for (let at = y * width; at < (y + 1) * width; at++) {
      data[at] = brightness * sample(line, sourceX, sourceY) + 0.5;
      sourceX += d / determinant;
      sourceY -= c / determinant;
    }
  }
  return { width, height, data };
}

/** Bilinear interpolation, black outside. */
function sample({ width, height, data }: GrayImage, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < -1 || top < -1 || left >= width || top >= height) return 0;
  const right = x - left;
  const below = y - top;
  const at = top * width + left;
  const [isLeft, isRight] = [left >= 0, left + 1 < width];
  let value = 0;
  if (top >= 0) value += (1 - below) * ((isLeft ? (1 - right) * data[at] : 0) + (isRight ? right * data[at + 1] : 0));
  if (top + 1 >= height) return value;
  const next = at + width;
  return value + below * ((isLeft ? (1 - right) * data[next] : 0) + (isRight ? right * data[next + 1] : 0));
}
