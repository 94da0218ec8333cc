import sharp, { type Sharp } from 'sharp';
import {
  checkPage,
  decodeBytes,
  decodeDrawnPage,
  type DecodedImage,
  drawnFormatOf,
  readHeader,
} from './decode-image.ts';
import { type DrawnFile, type DrawnPage, openDrawnFile } from './drawn-file.ts';
import { checkByteCount, checkPageCount, type ImageLimits, imageLimits } from './image-limits.ts';
import { orDamaged } from './or-damaged.ts';
import { readImageFile } from './read-image-file.ts';
import { sniffImageFormat } from './sniff-image-format.ts';

/** Of a JPEG that is made of another picture. */
const QUALITY = 90;

/** A file of one picture, or of several pages that are decoded one at a time. */
export interface PictureFile {
  /** Pages of a PDF or TIFF; 1 for other files, whose frames are no pages. */
  readonly pages: number;
  /** Whether other programs see the picture as it is decoded here: one page, in a common format, not turned by EXIF. */
  readonly isPlain: boolean;
  /** Decodes a page or frame, from 1; throws what `decodeImage` throws. */
  decode(page: number): Promise<DecodedImage>;
  /** A page in colour as JPEG, upright and of its whole size: the very bytes of the file where it is such a JPEG. */
  toJpeg(page: number): Promise<Uint8Array>;
  /** Frees its memory. */
  close(): Promise<void>;
}

/** Opens a file by its path, or by its bytes; throws what `decodeImage` throws. */
export async function openPictureFile(input: string | Uint8Array, limits?: Partial<ImageLimits>): Promise<PictureFile> {
  const all = imageLimits(limits);
  const name = typeof input === 'string' ? `"${input}"` : 'The image';
  const bytes = typeof input === 'string' ? await readImageFile(input, all) : input;
  const format = drawnFormatOf(bytes);
  if (format === undefined) return await openEncoded(name, bytes, all);
  checkByteCount(name, bytes.length, bytes, all);
  return drawnPictureFile(name, await openDrawnFile(format, name, bytes, all), all, format === 'BMP');
}

function drawnPictureFile(name: string, file: DrawnFile, limits: ImageLimits, isPlain: boolean): PictureFile {
  const { pages } = file;
  // A page is drawn once for reading it and for its JPEG.
  let last: { readonly page: number; readonly drawn: DrawnPage } | undefined;
  const draw = async (page: number): Promise<DrawnPage> => {
    checkPage(name, page, pages);
    if (last?.page !== page) last = { page, drawn: await file.draw(page) };
    return last.drawn;
  };
  return {
    pages,
    isPlain,
    decode: async (page) => decodeDrawnPage(name, await draw(page), { page, pages }, limits),
    toJpeg: async (page) => {
      const { data, width, height, channels } = await draw(page);
      return await encode(sharp(data, { raw: { width, height, channels: channels! } }));
    },
    close: () => file.close(),
  };
}

async function openEncoded(name: string, bytes: Uint8Array, limits: ImageLimits): Promise<PictureFile> {
  const { readable: format } = sniffImageFormat(bytes);
  // What is no picture, or a damaged one, says so when it is decoded.
  const header =
    format === undefined
      ? undefined
      : await sharp(bytes, { limitInputPixels: limits.maxPixels })
          .metadata()
          .catch(() => undefined);
  const pages = format === 'TIFF' ? (header?.pages ?? 1) : 1;
  checkPageCount(name, pages, limits.maxPages);
  const isUpright = (header?.orientation ?? 1) === 1;
  const isShown = format === 'JPEG' && isUpright && header?.channels !== 4;
  return {
    pages,
    isPlain: pages === 1 && isUpright && ['JPEG', 'PNG', 'TIFF'].includes(format ?? ''),
    decode: (page) => decodeBytes(name, bytes, limits, page),
    toJpeg: async (page) => (isShown ? bytes : await encodePage(name, bytes, limits, page)),
    close: async () => undefined,
  };
}

/** Pages differ in size, so that each is checked before it is decoded. */
async function encodePage(name: string, bytes: Uint8Array, limits: ImageLimits, page: number): Promise<Uint8Array> {
  await readHeader(name, bytes, limits, page);
  const options = { limitInputPixels: limits.maxPixels, page: page - 1 };
  const decoded = () => sharp(bytes, options).autoOrient().timeout({ seconds: limits.maxSeconds });
  return await orDamaged(name, () => encode(decoded()));
}

/** What is transparent is laid on white. */
async function encode(picture: Sharp): Promise<Uint8Array> {
  return await picture.flatten({ background: 'white' }).toColourspace('srgb').jpeg({ quality: QUALITY }).toBuffer();
}
