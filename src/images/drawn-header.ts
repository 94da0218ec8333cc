import sharp from 'sharp';
import { bmpSize } from './decode-bmp.ts';
import { checkHeicDecodeBytes } from './decode-cost.ts';
import type { ImageHeader } from './decode-image.ts';
import type { DrawnFormat } from './drawn-file.ts';
import { checkByteCount, checkPixelCount, type ImageLimits } from './image-limits.ts';
import { orDamaged } from './or-damaged.ts';

/** Red, green, blue and alpha. */
const CHANNELS = 4;

/**
 * What a file that sharp does not decode costs at most. The pages of a PDF are not looked at: its size is the largest in which a page is
 * drawn. Throws INVALID_IMAGE or IMAGE_TOO_LARGE.
 */
export async function readDrawnHeader(
  format: DrawnFormat,
  name: string,
  bytes: Uint8Array,
  limits: ImageLimits,
): Promise<ImageHeader> {
  checkByteCount(name, bytes.length, bytes, limits);
  if (format === 'PDF') {
    const side = Math.floor(Math.min(limits.maxSide, Math.sqrt(limits.maxPixels)));
    return { width: side, height: side, decodeBytes: CHANNELS * side * side };
  }
  if (format === 'BMP') {
    const { width, height } = await orDamaged(name, async () => bmpSize(bytes));
    checkPixelCount(name, width, height, limits.maxPixels);
    return { width, height, decodeBytes: CHANNELS * width * height };
  }
  const { autoOrient } = await orDamaged(name, () => sharp(bytes, { limitInputPixels: false }).metadata());
  const { width, height } = autoOrient;
  checkPixelCount(name, width, height, limits.maxPixels);
  return { width, height, decodeBytes: checkHeicDecodeBytes(name, width * height) };
}
