import type { RawImage } from './gray-from-pixels.ts';
import type { ImageLimits } from './image-limits.ts';
import { decodeBmp } from './decode-bmp.ts';
import { WorkerDrawer } from './worker-drawer.ts';

/** Formats that sharp does not decode. */
export const drawnFormats = ['PDF', 'HEIC', 'BMP'] as const;
export type DrawnFormat = (typeof drawnFormats)[number];

/** A page in pixels. */
export interface DrawnPage extends RawImage {
  /** Pixels on an inch of the sheet; of pages that have a size on paper. */
  readonly resolution?: number;
}

/** A file whose pages can be drawn one at a time. */
export interface DrawnFile {
  readonly pages: number;
  /** Draws a page, from 1; throws INVALID_IMAGE or IMAGE_TOO_LARGE. */
  draw(page: number): Promise<DrawnPage>;
  /** Frees its memory. */
  close(): Promise<void>;
}

/** Opens bytes of a format that sharp does not decode; throws INVALID_IMAGE, UNSUPPORTED_IMAGE or IMAGE_TOO_LARGE. */
export async function openDrawnFile(
  format: DrawnFormat,
  name: string,
  bytes: Uint8Array,
  limits: ImageLimits,
): Promise<DrawnFile> {
  if (format !== 'BMP') return await WorkerDrawer.open({ format, name, bytes, limits });
  return { pages: 1, draw: async () => await decodeBmp(name, bytes, limits), close: async () => undefined };
}
