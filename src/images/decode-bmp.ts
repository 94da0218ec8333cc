import { TextRecognizerError } from '../errors.ts';
import type { RawImage } from './gray-from-pixels.ts';
import { checkPixelCount, type ImageLimits } from './image-limits.ts';
import { orDamaged } from './or-damaged.ts';

/** Offsets in the file of the fields that say what it costs to decode (BITMAPINFOHEADER). */
const WIDTH = 18;
const HEIGHT = 22;
const COMPRESSION = 30;
/** BI_RLE8 and BI_RLE4. */
const RUN_LENGTHS: ReadonlySet<number> = new Set([1, 2]);

/** The size that the header of a BMP says; throws a RangeError where it is cut short. */
export function bmpSize(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return { width: header.readInt32LE(WIDTH), height: Math.abs(header.readInt32LE(HEIGHT)) };
}

/** Decodes a BMP of 1 to 32 bits for a pixel to RGB; throws INVALID_IMAGE, UNSUPPORTED_IMAGE or IMAGE_TOO_LARGE. */
export async function decodeBmp(name: string, bytes: Uint8Array, { maxPixels }: ImageLimits): Promise<RawImage> {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return await orDamaged(name, async () => {
    const size = bmpSize(bytes);
    checkPixelCount(name, size.width, size.height, maxPixels);
    if (RUN_LENGTHS.has(header.readUInt32LE(COMPRESSION))) {
      throw new TextRecognizerError('UNSUPPORTED_IMAGE', `${name} is a BMP with run lengths. Save it as PNG.`);
    }
    const { decode } = await import('bmp-ts');
    const { width, height, data } = decode(header);
    return { width, height, data: rgbOf(data), channels: 3 };
  });
}

/** From alpha, blue, green, red; alpha says nothing in most files. */
function rgbOf(pixels: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((pixels.length / 4) * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = pixels[from + 3];
    rgb[to + 1] = pixels[from + 2];
    rgb[to + 2] = pixels[from + 1];
  }
  return rgb;
}
