import sharp from 'sharp';
import { type GrayImage, checkGrayImage } from '../gray-image.ts';

/** Encodes a gray image as an 8-bit gray PNG. */
export async function encodePng(image: GrayImage): Promise<Buffer> {
  const { width, height, data } = checkGrayImage(image);
  return sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}
