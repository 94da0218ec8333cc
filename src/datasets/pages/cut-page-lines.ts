import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { cutPolygon } from '../../images/cut-polygon.ts';
import { decodeImage } from '../../images/decode-image.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { lineStem } from '../../images/line-stem.ts';
import type { LineDataset, LineInfo } from '../lines/line-dataset.ts';
import { linesFromImages } from '../lines/memory-lines.ts';
import { type PageTranscript, readPageTranscript } from './page-transcript.ts';

export interface CutPageLinesOptions {
  /** Only pages whose names begin so; all by default. */
  readonly prefix?: string;
  /** The name of the data set that comes out. */
  readonly name: string;
  /** Height of the lines in pixels; 64 by default. */
  readonly height?: number;
  readonly onPage?: (done: number, pages: number) => void;
}

/** Lines that were cut out of pages, and the pages' licences, each once. */
export interface PageLines {
  readonly dataset: LineDataset;
  readonly licence: string;
  /** Lines without text, with struck-out or inserted writing, or with a polygon that is hardly a line. */
  readonly leftOut: number;
}

/** Marks that transcribers set where writing was struck out or inserted: such lines do not say what is to be read. */
const marked = /[<>#⋎]/u;
/** A polygon this much lower than is usual on its page cuts its writing. */
const LOWEST_SHARE = 0.5;

/**
 * Cuts the lines out of the pages of a folder, `NAME.jpg` (or .png) with a `NAME.json` as `PageTranscript` says, and brings each
 * through the line stem, just as a photograph of it. Throws DATASET_INVALID or FILE_NOT_FOUND.
 */
export async function cutPageLines(folder: string, options: CutPageLinesOptions): Promise<PageLines> {
  const { prefix = '', name, height = 64, onPage } = options;
  const pictures = (await listFolder(folder)).filter(
    (file) => file.startsWith(prefix) && /\.(?:jpe?g|png)$/iu.test(file),
  );
  const [images, lines]: [GrayImage[], LineInfo[]] = [[], []];
  const licences = new Set<string>();
  let all = 0;
  for (const [done, picture] of pictures.sort().entries()) {
    const path = join(folder, picture);
    const transcript = await readPageTranscript(path.replace(/\.[^.]+$/u, '.json'));
    const page = await readPage(path, transcript);
    licences.add(transcript.licence);
    all += transcript.lines.length;
    for (const { index, text, polygon } of wholeLines(transcript)) {
      images.push(lineStem(cutPolygon(page, polygon), { height }));
      lines.push({ id: `${transcript.id}#${index}`, text, page: transcript.id });
    }
    onPage?.(done + 1, pictures.length);
  }
  if (images.length === 0) {
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `${folder} has no lines to cut on pages that begin with '${prefix}': it should hold NAME.jpg and NAME.json for each page.`,
    );
  }
  const dataset = linesFromImages(name, images, lines, height);
  return { dataset, licence: [...licences].join('; '), leftOut: all - images.length };
}

/** The lines that say what is to be read, with their places on the page. */
function wholeLines({ lines }: PageTranscript) {
  const heights = lines.map(({ polygon }) => heightOf(polygon)).sort((a, b) => a - b);
  const usual = heights[heights.length >> 1];
  return lines
    .map(({ text, polygon }, index) => ({ index, text: text.normalize('NFC').trim(), polygon }))
    .filter(({ text, polygon }) => text !== '' && !marked.test(text) && heightOf(polygon) >= LOWEST_SHARE * usual);
}

function heightOf(polygon: readonly (readonly [number, number])[]): number {
  const ys = polygon.map(([, y]) => y);
  return Math.max(...ys) - Math.min(...ys);
}

/** Polygons are in pixels of a picture of the transcript's size. */
async function readPage(path: string, { width, height }: PageTranscript): Promise<GrayImage> {
  const page = await decodeImage(path, { maxSide: Math.max(width, height) });
  if (page.width === width && page.height === height) return page;
  throw new TextRecognizerError(
    'DATASET_INVALID',
    `${path} has ${page.width}×${page.height} pixels, its transcript speaks of ${width}×${height}: they do not belong together.`,
  );
}

async function listFolder(folder: string): Promise<string[]> {
  return await readdir(folder).catch((cause: unknown) => {
    throw new TextRecognizerError('FILE_NOT_FOUND', `There is no folder ${folder} with pages.`, { cause });
  });
}
