import { fileURLToPath } from 'node:url';
import sharp, { type Metadata } from 'sharp';
import { TextRecognizerError } from '../errors.ts';
import { checkDecodeBytes, decodeBytesOf } from './decode-cost.ts';
import { readDrawnHeader } from './drawn-header.ts';
import { type DrawnFormat, type DrawnPage, drawnFormats, openDrawnFile } from './drawn-file.ts';
import { type RawImage, grayFromPixels } from './gray-from-pixels.ts';
import type { GrayImage } from './gray-image.ts';
import { type ImageLimits, checkByteCount, checkPageCount, checkPixelCount, imageLimits } from './image-limits.ts';
import { orDamaged } from './or-damaged.ts';
import { readImageFile } from './read-image-file.ts';
import { resize } from './resize.ts';
import { sniffImageFormat } from './sniff-image-format.ts';

/** An image to read: the path or `file:` URL of a file, the bytes of one, or raw pixels. */
export type ImageInput = string | URL | Uint8Array | ArrayBuffer | RawImage;

// Every image is read once, and a long-lived worker keeps its memory; images in flight are the parallelism.
sharp.cache(false);
sharp.concurrency(1);

/**
 * Decodes PNG, JPEG, WebP, GIF, TIFF, AVIF, BMP, HEIC or PDF (one page or frame, from 1; turned as EXIF says), or raw pixels, to gray;
 * what is decoded already stays as it is.
 * Size limits are checked against the header, before pixels are decoded; a longer side than `maxSide` is shrunk.
 * Throws FILE_NOT_FOUND, INVALID_IMAGE, UNSUPPORTED_IMAGE, IMAGE_TOO_LARGE or INVALID_ARGUMENT.
 */
export async function decodeImage(
  input: ImageInput | DecodedImage,
  limits?: Partial<ImageLimits>,
  page = 1,
): Promise<DecodedImage> {
  const all = imageLimits(limits);
  if (isDecoded(input)) return input;
  if (typeof input === 'string') return decodeFile(input, all, page);
  if (input instanceof URL) return decodeFile(pathOf(input), all, page);
  if (input instanceof Uint8Array) return decodeBytes('The image', input, all, page);
  if (input instanceof ArrayBuffer) return decodeBytes('The image', new Uint8Array(input), all, page);
  if (isRawImage(input)) {
    checkPage('The raw image', page, 1);
    return decodePixels('The raw image', input, all);
  }
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    'An image must be a file path, encoded bytes (Uint8Array) or raw pixels { data, width, height, channels }; ' +
      `got ${input === null ? 'null' : typeof input}.`,
  );
}

/** An image's size in pixels. */
export type ImageSize = Pick<GrayImage, 'width' | 'height'>;

/**
 * What the header of an encoded image says: its size in pixels as it is upright, and the bytes that decoding will make. Of a PDF, the
 * most that a page may have.
 */
export interface ImageHeader extends ImageSize {
  readonly decodeBytes: number;
}

/** A page of a file with several pages or frames. */
export interface PageNumber {
  /** From 1. */
  readonly page: number;
  /** How many pages the file has. */
  readonly pages: number;
}

/** What a file says of one of its pages: its size, upright, before it was shrunk to `maxSide`, and where there are several, which it is. */
export interface PictureFacts extends ImageSize, Partial<PageNumber> {
  /** Pixels on an inch of the sheet, of pages that have a size on paper. */
  readonly resolution?: number;
}

/** A page that was decoded. */
export interface DecodedImage extends GrayImage {
  readonly original: PictureFacts;
}

/**
 * Reads the header of an encoded image, and nothing else of it. Throws INVALID_IMAGE, UNSUPPORTED_IMAGE or IMAGE_TOO_LARGE, as
 * `decodeImage` does.
 */
export async function readImageHeader(bytes: Uint8Array, limits?: Partial<ImageLimits>): Promise<ImageHeader> {
  const [name, all, format] = ['The image', imageLimits(limits), drawnFormatOf(bytes)];
  if (format !== undefined) return await readDrawnHeader(format, name, bytes, all);
  const header = await readHeader(name, bytes, all);
  const { width, height } = header.autoOrient;
  return { width, height, decodeBytes: decodeBytesOf(header) };
}

async function decodeFile(path: string, limits: ImageLimits, page: number): Promise<DecodedImage> {
  return decodeBytes(`"${path}"`, await readImageFile(path, limits), limits, page);
}

/** The path of a `file:` URL; other addresses are never fetched. */
function pathOf(url: URL): string {
  if (url.protocol === 'file:') return fileURLToPath(url);
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `The address ${url.protocol}//… is not fetched. Download the image first, then pass its bytes.`,
  );
}

/** Decodes the bytes of a file that messages call `name`; throws what `decodeImage` throws. */
export async function decodeBytes(
  name: string,
  bytes: Uint8Array,
  limits: ImageLimits,
  page: number,
): Promise<DecodedImage> {
  const format = drawnFormatOf(bytes);
  if (format !== undefined) return await decodeDrawn(format, name, bytes, limits, page);
  const { pages = 1, autoOrient } = await readHeader(name, bytes, limits);
  checkPage(name, page, pages);
  // Pages differ in size.
  const { width, height } = page === 1 ? autoOrient : (await readHeader(name, bytes, limits, page)).autoOrient;
  const image = await orDamaged(name, async () => grayFromPixels(await rawPixels(bytes, limits, page)));
  return { ...image, original: { width, height, ...(pages > 1 && { page, pages }) } };
}

async function decodeDrawn(
  format: DrawnFormat,
  name: string,
  bytes: Uint8Array,
  limits: ImageLimits,
  page: number,
): Promise<DecodedImage> {
  checkByteCount(name, bytes.length, bytes, limits);
  const file = await openDrawnFile(format, name, bytes, limits);
  try {
    checkPage(name, page, file.pages);
    return decodeDrawnPage(name, await file.draw(page), { page, pages: file.pages }, limits);
  } finally {
    await file.close();
  }
}

/** A page that was drawn, in gray. */
export function decodeDrawnPage(
  name: string,
  { resolution, ...image }: DrawnPage,
  { page, pages }: PageNumber,
  limits: ImageLimits,
): DecodedImage {
  const decoded = decodePixels(name, image, limits);
  const facts = { ...(resolution !== undefined && { resolution }), ...(pages > 1 && { page, pages }) };
  return { ...decoded, original: { ...decoded.original, ...facts } };
}

/** The format of bytes that sharp does not decode. */
export function drawnFormatOf(bytes: Uint8Array): DrawnFormat | undefined {
  const { name } = sniffImageFormat(bytes);
  return drawnFormats.find((format) => format === name);
}

/** Throws INVALID_ARGUMENT for a page that a file does not have. */
export function checkPage(name: string, page: number, pages: number): void {
  if (Number.isInteger(page) && page >= 1 && page <= pages) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `${name} has no page ${page}; it has ${pages === 1 ? 'one page' : `the pages 1 to ${pages}`}.`,
  );
}

/** The header of a page, from 1, of an image that may be decoded; throws what `decodeImage` throws. */
export async function readHeader(name: string, bytes: Uint8Array, limits: ImageLimits, page = 1): Promise<Metadata> {
  checkByteCount(name, bytes.length, bytes, limits);
  checkFormat(name, bytes);
  const metadata = await orDamaged(name, () => sharp(bytes, { limitInputPixels: false, page: page - 1 }).metadata());
  checkPixelCount(name, metadata.width, metadata.height, limits.maxPixels);
  checkDecodeBytes(name, metadata);
  if (metadata.format === 'tiff') checkPageCount(name, metadata.pages ?? 1, limits.maxPages);
  return metadata;
}

/** Lets only known raster formats reach the decoders: an SVG could name other files. */
function checkFormat(name: string, bytes: Uint8Array): void {
  if (bytes.length === 0) {
    throw new TextRecognizerError('INVALID_IMAGE', `${name} is empty (0 bytes). Save or copy it again.`);
  }
  const format = sniffImageFormat(bytes);
  if (format.readable !== undefined) return;
  const found = format.name === undefined ? 'is in no image format that is known here' : `is ${format.name}`;
  throw new TextRecognizerError(
    'UNSUPPORTED_IMAGE',
    `${name} ${found}. Give a PNG, JPEG, WebP, GIF, TIFF, AVIF, HEIC, BMP or PDF file.`,
  );
}

/** Decodes to upright 8-bit sRGB with 3 or 4 channels, no side longer than `maxSide`. */
async function rawPixels(bytes: Uint8Array, limits: ImageLimits, page: number): Promise<RawImage> {
  const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: limits.maxPixels, page: page - 1 })
    .autoOrient()
    .resize({ width: limits.maxSide, height: limits.maxSide, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .timeout({ seconds: limits.maxSeconds })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

function isDecoded(input: unknown): input is DecodedImage {
  return isRawImage(input) && 'original' in input;
}

function isRawImage(input: unknown): input is RawImage {
  if (typeof input !== 'object' || input === null) return false;
  if (!('data' in input && 'width' in input && 'height' in input)) return false;
  return input.data instanceof Uint8Array || input.data instanceof Uint8ClampedArray;
}

function decodePixels(name: string, image: RawImage, limits: ImageLimits): DecodedImage {
  checkPixelCount(name, image.width, image.height, limits.maxPixels);
  const gray = grayFromPixels(image);
  const scale = limits.maxSide / Math.max(gray.width, gray.height);
  const original = { width: gray.width, height: gray.height };
  if (scale >= 1) return { ...gray, original };
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return { ...resize(gray, side(gray.width), side(gray.height), 'area'), original };
}
