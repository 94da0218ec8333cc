import { TextRecognizerError } from '../errors.ts';
import { sniffImageFormat } from './sniff-image-format.ts';

/** What an image may cost before a pixel of it is decoded. */
export interface ImageLimits {
  /** Most bytes of the file or buffer; 32 MiB by default. */
  readonly maxBytes: number;
  /** Most bytes of a file that holds many pages, a PDF or TIFF; 512 MiB by default. */
  readonly maxDocumentBytes: number;
  /** Most pages of a PDF or TIFF; 10,000 by default. */
  readonly maxPages: number;
  /** Most pixels, read from the header; 50 million by default. */
  readonly maxPixels: number;
  /** Longer images are shrunk to this longest side, in pixels; 4096 by default. */
  readonly maxSide: number;
  /** Most seconds that decoding may take; 30 by default. */
  readonly maxSeconds: number;
}

const DEFAULTS: ImageLimits = {
  maxBytes: 32 * 2 ** 20,
  maxDocumentBytes: 512 * 2 ** 20,
  maxPages: 10_000,
  maxPixels: 50e6,
  maxSide: 4096,
  maxSeconds: 30,
};

/** Fills in the defaults; throws INVALID_ARGUMENT on a limit that is not a positive integer. */
export function imageLimits(limits: Partial<ImageLimits> = {}): ImageLimits {
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  const all: ImageLimits = { ...DEFAULTS, ...Object.fromEntries(given) };
  for (const [name, value] of Object.entries(all)) {
    if (Number.isInteger(value) && value > 0) continue;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `The image limit ${name} must be a positive integer; got ${value}.`,
    );
  }
  return all;
}

/** Longer rows are held many at a time while shrinking; no camera or scanner makes them. */
const MAX_EDGE = 32768;

/** Throws IMAGE_TOO_LARGE if `width` × `height` is more than `maxPixels`, or one of them more than 32,768. */
export function checkPixelCount(name: string, width: number, height: number, maxPixels: number): void {
  if (Math.max(width, height) > MAX_EDGE) {
    throw new TextRecognizerError(
      'IMAGE_TOO_LARGE',
      `${name} has ${width} × ${height} pixels, more than the ${MAX_EDGE} allowed along one side. Cut or save it smaller.`,
    );
  }
  if (!(width * height > maxPixels)) return;
  throw new TextRecognizerError(
    'IMAGE_TOO_LARGE',
    `${name} has ${width} × ${height} pixels, more than the ${formatPixels(maxPixels)} allowed. Save it smaller.`,
  );
}

/** Throws IMAGE_TOO_LARGE if a file has more pages than `maxPages`. */
export function checkPageCount(name: string, pages: number, maxPages: number): void {
  if (pages <= maxPages) return;
  throw new TextRecognizerError(
    'IMAGE_TOO_LARGE',
    `${name} has ${pages} pages, more than the ${maxPages} allowed. Split it into several files.`,
  );
}

/** Throws IMAGE_TOO_LARGE if a file that begins with `head` has more bytes than one of its format may have. */
export function checkByteCount(name: string, bytes: number, head: Uint8Array, limits: ImageLimits): void {
  const { name: format } = sniffImageFormat(head);
  const most = format === 'PDF' || format === 'TIFF' ? limits.maxDocumentBytes : limits.maxBytes;
  if (bytes <= most) return;
  throw new TextRecognizerError(
    'IMAGE_TOO_LARGE',
    `${name} has ${formatBytes(bytes)}, more than the ${formatBytes(most)} allowed. Save it smaller.`,
  );
}

/** A size for people: `512 bytes`, `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  return bytes < 2 ** 20 ? `${bytes} bytes` : `${Number((bytes / 2 ** 20).toFixed(1))} MiB`;
}

function formatPixels(pixels: number): string {
  return pixels < 1e6 ? `${pixels}` : `${Number((pixels / 1e6).toFixed(1))} million`;
}
