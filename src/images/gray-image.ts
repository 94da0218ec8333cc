import { TextRecognizerError } from '../errors.ts';

/** An 8-bit gray image, row-major: `data[y * width + x]`, 0 = black, 255 = white. */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A new image of `width` × `height` pixels, all `value` (0 to 255). */
export function blankImage(width: number, height: number, value = 0): GrayImage {
  const data = new Uint8Array(width * height);
  if (value !== 0) data.fill(value);
  return { width, height, data };
}

/** Returns `image` if its sides are positive integers and its data has one byte per pixel, otherwise throws INVALID_IMAGE. */
export function checkGrayImage(image: GrayImage): GrayImage {
  const { width, height, data } = image;
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new TextRecognizerError(
      'INVALID_IMAGE',
      `A gray image needs sides that are positive integers; got ${width} × ${height}.`,
    );
  }
  if (data.length !== width * height) {
    throw new TextRecognizerError(
      'INVALID_IMAGE',
      `A gray image of ${width} × ${height} needs ${width * height} bytes, one per pixel; got ${data.length}.`,
    );
  }
  return image;
}
