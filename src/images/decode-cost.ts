import type { Metadata } from 'sharp';
import { TextRecognizerError } from '../errors.ts';
import { formatBytes } from './image-limits.ts';

/** Most memory for an image that has to be decoded whole, in bytes: with two threads, a service stays below 1 GB beside one of them. */
const MAX_WHOLE_BYTES = 416 * 2 ** 20;
/** libheif and libaom hold a frame several times: 18 bytes for a pixel of three bytes were measured. */
const AVIF_COPIES = 6;
/** libheif in WebAssembly holds the frame, and the picture of four bytes for a pixel in its memory and outside. */
const HEIC_BYTES_PER_PIXEL = 10;

type Header = Pick<Metadata, 'format' | 'isProgressive' | 'width' | 'height' | 'channels' | 'depth'>;

/** How many bytes decoding makes, from the header: pixels × channels × bytes of a sample, as often as the decoder holds them. */
export function decodeBytesOf({ format, width, height, channels, depth }: Header): number {
  const copies = format === 'heif' ? AVIF_COPIES : 1;
  return copies * width * height * channels * (depth === 'uchar' ? 1 : 2);
}

/** Throws IMAGE_TOO_LARGE for an image that is decoded whole, not row by row, and takes too much memory so. */
export function checkDecodeBytes(name: string, header: Header): void {
  const whole = kindDecodedWhole(header);
  if (whole !== undefined) checkWhole(name, whole, decodeBytesOf(header));
}

/** How many bytes decoding a HEIC picture makes; throws IMAGE_TOO_LARGE for too many. */
export function checkHeicDecodeBytes(name: string, pixels: number): number {
  const bytes = HEIC_BYTES_PER_PIXEL * pixels;
  checkWhole(name, 'HEIC', bytes);
  return bytes;
}

function checkWhole(name: string, whole: string, bytes: number): void {
  if (bytes <= MAX_WHOLE_BYTES) return;
  throw new TextRecognizerError(
    'IMAGE_TOO_LARGE',
    `${name} is ${whole} and takes ${formatBytes(bytes)} of memory to decode, more than the ` +
      `${formatBytes(MAX_WHOLE_BYTES)} allowed. Save it smaller, or as JPEG or PNG without interlacing.`,
  );
}

function kindDecodedWhole({ format, isProgressive }: Header): string | undefined {
  const names: Partial<Record<Metadata['format'], string>> = { heif: 'AVIF', webp: 'WebP', gif: 'GIF' };
  return names[format] ?? (isProgressive ? 'interlaced' : undefined);
}
