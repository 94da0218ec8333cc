import { TextRecognizerError } from '../errors.ts';
import { optionalPackage } from '../files/optional-package.ts';
import { decoderMissing } from './decoder-missing.ts';
import type { DrawnSource } from './draw-protocol.ts';
import type { DrawnFile, DrawnPage } from './drawn-file.ts';
import { checkPageCount, type ImageLimits } from './image-limits.ts';

/** In points of 1/72 inch, at 100 %. */
interface PageSize {
  readonly originalWidth: number;
  readonly originalHeight: number;
}

const POINTS_PER_INCH = 72;
/** Pixels on an inch where limits allow it: scans for reading have 300. */
const RESOLUTION = 300;

/** Opens a PDF with PDFium, whose memory ends with the thread; throws INVALID_IMAGE, UNSUPPORTED_IMAGE or IMAGE_TOO_LARGE. */
export async function openPdf({ name, bytes, limits }: DrawnSource): Promise<DrawnFile> {
  const { PDFiumLibrary } = await optionalPackage(
    'PDF files',
    '@hyzyla/pdfium',
    () => import('@hyzyla/pdfium'),
    decoderMissing,
  );
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(bytes).catch((error: unknown) => {
    throw explained(name, error);
  });
  const pages = document.getPageCount();
  if (pages === 0) throw new TextRecognizerError('INVALID_IMAGE', `${name} has no pages.`);
  checkPageCount(name, pages, limits.maxPages);
  const draw = async (number: number): Promise<DrawnPage> => {
    const page = document.getPage(number - 1);
    const size = sizeInPixels(page.getOriginalSize(), limits);
    if (size === undefined) {
      throw new TextRecognizerError('INVALID_IMAGE', `Page ${number} of ${name} is damaged. Save the PDF again.`);
    }
    const { width, height, resolution } = size;
    const { data } = await page.render({ width, height });
    return { width, height, data, channels: 4, resolution };
  };
  return { pages, draw, close: async () => document.destroy() };
}

/** The size to draw a page in: at 300 pixels an inch, less where a side or the whole would have too many; undefined for no size. */
function sizeInPixels({ originalWidth, originalHeight }: PageSize, { maxSide, maxPixels }: ImageLimits) {
  // PDFium says 0 of a page that it cannot load.
  if (!(originalWidth > 0 && originalHeight > 0)) return undefined;
  const scale = Math.min(
    RESOLUTION / POINTS_PER_INCH,
    maxSide / Math.max(originalWidth, originalHeight),
    Math.sqrt(maxPixels / (originalWidth * originalHeight)),
  );
  const [width, height] = [originalWidth, originalHeight].map((side) => Math.max(1, Math.round(side * scale)));
  return { width, height, resolution: scale * POINTS_PER_INCH };
}

function explained(name: string, error: unknown): TextRecognizerError {
  const reason = error instanceof Error ? error.message : String(error);
  if (/password|security/iu.test(reason)) {
    const message = `${name} is encrypted. Save it without a password first.`;
    return new TextRecognizerError('UNSUPPORTED_IMAGE', message, { cause: error });
  }
  const message = `${name} is damaged or no PDF and cannot be opened (${reason}). Save or copy it again.`;
  return new TextRecognizerError('INVALID_IMAGE', message, { cause: error });
}
