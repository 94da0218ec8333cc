import { grayFromPixels } from '../../../src/images/gray-from-pixels.ts';
import type { GrayImage } from '../../../src/images/gray-image.ts';

/** The canvas in gray, as both readers see it. */
export function grayFromCanvas(canvas: HTMLCanvasElement): GrayImage {
  const { width, height } = canvas;
  return grayFromPixels({ data: contextOf(canvas).getImageData(0, 0, width, height).data, width, height });
}

/** A PNG of exactly these grays: without loss. */
export async function pngFrom({ width, height, data }: GrayImage): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pixels = new Uint8ClampedArray(4 * data.length).fill(255);
  for (let i = 0; i < data.length; i++) pixels.fill(data[i], 4 * i, 4 * i + 3);
  contextOf(canvas).putImageData(new ImageData(pixels, width, height), 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error(`This browser made no PNG of ${width} × ${height} pixels.`);
  return new Uint8Array(await blob.arrayBuffer());
}

/** The canvas's context, for pixels that are read back. */
export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('This browser has no 2D canvas.');
  return context;
}
