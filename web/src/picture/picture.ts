import { contextOf } from '../reading/gray-picture.ts';
import { ReadingError, type Region } from '../reading/reading.ts';

/**
 * Longest side of a picture here, in pixels, unless a line became lower than this: the 40 lines of a page are then about as high as the
 * models read them, 64 pixels, and the picture is still quickly sent from a phone.
 */
const MAX_SIDE = 2560;
const LEAST_SIDE = 128;
const MAX_LINE_SIDE = 4096;
/** A picture that opens at all opens within this time, in milliseconds. */
const OPENING_MS = 30_000;

/** A picture and what has been done to it. */
export interface Picture {
  readonly bitmap: ImageBitmap;
  /** Quarter turns clockwise, 0 to 3. */
  readonly turns: number;
  /** Degrees clockwise, −15 to 15. */
  readonly tilt: number;
  /** What of the turned picture is read. */
  readonly crop: Region;
}

export const WHOLE: Region = { left: 0, top: 0, right: 1, bottom: 1 };

/** Decodes a file that was chosen, dropped, pasted or photographed, upright as its EXIF says; throws a ReadingError. */
export async function openPicture(file: Blob): Promise<Picture> {
  const opening = createImageBitmap(file).catch(() => {
    const kind = file.type === '' ? 'This file' : `A file of type ${file.type}`;
    throw new ReadingError(`${kind} cannot be opened here as a picture. Save it as PNG or JPEG and try again.`);
  });
  const bitmap = await Promise.race([opening, tooLong()]);
  return { bitmap, turns: 0, tilt: 0, crop: WHOLE };
}

/** Rejects after a while: Chromium does not end an opening during which its graphics process breaks down. */
function tooLong(): Promise<never> {
  const message = 'Opening the picture took too long. Try again.';
  return new Promise((_, reject) => setTimeout(() => reject(new ReadingError(message)), OPENING_MS));
}

/** The whole picture, turned; the tilt enlarges it just so that no corner is empty. */
export function turnPicture({ bitmap, turns, tilt }: Picture): HTMLCanvasElement {
  const scale = scaleOf(bitmap);
  const [width, height] = [
    Math.max(1, Math.round(bitmap.width * scale)),
    Math.max(1, Math.round(bitmap.height * scale)),
  ];
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = turns % 2 === 0 ? [width, height] : [height, width];
  const angle = (tilt * Math.PI) / 180;
  const ratio = Math.max(width / height, height / width);
  const zoom = Math.cos(angle) + Math.abs(Math.sin(angle)) * ratio;
  const context = contextOf(canvas);
  context.imageSmoothingQuality = 'high';
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate(angle + (turns * Math.PI) / 2);
  context.scale(zoom, zoom);
  context.drawImage(bitmap, -width / 2, -height / 2, width, height);
  return canvas;
}

function scaleOf({ width, height }: ImageBitmap): number {
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
  return Math.min(1, MAX_LINE_SIDE / longer, Math.max(MAX_SIDE / longer, LEAST_SIDE / shorter));
}

/** Cuts `crop` out of a canvas. */
export function cutCanvas(source: HTMLCanvasElement, crop: Region): HTMLCanvasElement {
  const left = Math.floor(crop.left * source.width);
  const top = Math.floor(crop.top * source.height);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.ceil(crop.right * source.width) - left);
  canvas.height = Math.max(1, Math.ceil(crop.bottom * source.height) - top);
  contextOf(canvas).drawImage(source, -left, -top);
  return canvas;
}
