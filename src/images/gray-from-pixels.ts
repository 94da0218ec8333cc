import { TextRecognizerError } from '../errors.ts';
import type { GrayImage } from './gray-image.ts';
import { paperBehindInk } from './paper-behind-ink.ts';

/**
 * Interleaved 8-bit pixels, row-major: gray (1 channel), gray and alpha (2), RGB (3) or RGBA (4, as a canvas's
 * `ImageData`). `channels` may be left out: the length of `data` tells it.
 */
export interface RawImage {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels?: 1 | 2 | 3 | 4;
}

/**
 * Converts pixels to gray: luma of Rec. ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B in 16-bit fixed point; transparent
 * pixels are laid on white or black paper, whichever keeps the ink visible. Throws INVALID_IMAGE on a wrong size.
 */
export function grayFromPixels(image: RawImage): GrayImage {
  const channels = checkedChannels(image);
  const { width, height, data } = image;
  const gray = new Uint8Array(width * height);
  if (channels <= 2) for (let i = 0; i < gray.length; i++) gray[i] = data[i * channels];
  else for (let i = 0, p = 0; i < gray.length; i++, p += channels) gray[i] = luma(data[p], data[p + 1], data[p + 2]);
  if (channels === 2 || channels === 4) layOnPaper(gray, data, channels);
  return { width, height, data: gray };
}

function luma(red: number, green: number, blue: number): number {
  return (19595 * red + 38470 * green + 7471 * blue + 32768) >>> 16;
}

/** Blends `gray` with the paper by the alpha that is the last of each pixel's channels. */
function layOnPaper(gray: Uint8Array, data: Uint8Array | Uint8ClampedArray, channels: number): void {
  const alpha = new Uint8Array(gray.length);
  let opaque = true;
  for (let i = 0; i < gray.length; i++) {
    alpha[i] = data[i * channels + channels - 1];
    opaque &&= alpha[i] === 255;
  }
  if (opaque) return;
  const paper = paperBehindInk(gray, alpha);
  for (let i = 0; i < gray.length; i++) gray[i] = Math.round((gray[i] * alpha[i] + paper * (255 - alpha[i])) / 255);
}

function checkedChannels({ data, width, height, channels }: RawImage): number {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new TextRecognizerError(
      'INVALID_IMAGE',
      `Raw pixels need a width and a height that are positive integers; got ${width} × ${height}.`,
    );
  }
  const found = data.length / (width * height);
  if (found !== (channels ?? found) || ![1, 2, 3, 4].includes(found)) {
    const wanted = channels === undefined ? '1 to 4 bytes per pixel' : `${channels} bytes per pixel`;
    throw new TextRecognizerError(
      'INVALID_IMAGE',
      `Raw pixels of ${width} × ${height} need ${wanted}; got ${data.length} bytes, which is ${found} per pixel.`,
    );
  }
  return found;
}
