import sharp from 'sharp';
import type { GrayImage } from './gray-image.ts';

/** A grayscale JPEG of `quality` 1 to 100. */
export async function encodeJpeg({ width, height, data }: GrayImage, quality: number): Promise<Buffer> {
  const raw = { width, height, channels: 1 } as const;
  return sharp(data, { raw }).toColourspace('b-w').jpeg({ quality }).toBuffer();
}
