import { TextRecognizerError } from '../errors.ts';
import { type GrayImage, blankImage } from './gray-image.ts';

/** Puts `image` into the middle of `width` × `height` pixels of `value`; an odd rest goes to the right and below. */
export function padCentered(image: GrayImage, width: number, height: number, value = 0): GrayImage {
  if (width < image.width || height < image.height) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `An image of ${image.width} × ${image.height} does not fit into ${width} × ${height}. Resize it first.`,
    );
  }
  const padded = blankImage(width, height, value);
  const left = (width - image.width) >> 1;
  const top = (height - image.height) >> 1;
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * image.width, (y + 1) * image.width);
    padded.data.set(row, (top + y) * width + left);
  }
  return padded;
}
