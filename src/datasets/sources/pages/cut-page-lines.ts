import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TextRecognizerError } from '../../../errors.ts';
import { cutPolygon } from '../../../images/cut-polygon.ts';
import { decodeImage } from '../../../images/decode-image.ts';
import type { GrayImage } from '../../../images/gray-image.ts';
import { lineStem } from '../../../images/line-stem.ts';
import { type BadFileOptions, BadFiles, isHidden } from '../bad-files.ts';
import type { LineDataset, LineInfo } from '../../lines/line-dataset.ts';
import { linesFromImages } from '../../lines/memory-lines.ts';
import { type PageTranscript, readPageTranscript } from './page-transcript.ts';

export interface CutPageLinesOptions extends BadFileOptions {
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
  /** Lines without text, with struck-out or inserted writing, or with a polygon that is hardly a line or not on the page. */
  readonly leftOut: number;
}

/** Marks that transcribers set where writing was struck out or inserted: such lines do not say what is to be read. */
const marked = /[<>#⋎]/u;
/** A polygon this much lower than is usual on its page cuts its writing. */
const LOWEST_SHARE = 0.5;

/** A line of which less than this share of the polygon's width and height is on the page does not show its whole text. */
const LEAST_ON_PAGE = 0.8;

/**
 * Cuts the lines out of the pages of a folder, `NAME.jpg` (or .png) with a `NAME.json` as `PageTranscript` says, and brings each
 * through the line stem, just as a photograph of it. Throws DATASET_INVALID, FILE_NOT_FOUND or what decoding an image throws.
 */
export async function cutPageLines(folder: string, options: CutPageLinesOptions): Promise<PageLines> {
  const { name, height = 64, onPage } = options;
  const bad = new BadFiles(options);
  const pages = await readPages(folder, options, bad);
  requireOwnIds(pages);
  const [images, lines]: [GrayImage[], LineInfo[]] = [[], []];
  const licences = new Set<string>();
  let leftOut = 0;
  for (const [done, { path, transcript }] of pages.entries()) {
    const page = await bad.read(path, () => readPage(path, transcript));
    onPage?.(done + 1, pages.length);
    if (page === undefined) continue;
    const whole = wholeLines(transcript);
    const onPageLines = whole.filter(({ polygon }) => isOnPage(polygon, page));
    const off = whole.filter((line) => !onPageLines.includes(line)).map(({ index }) => index);
    if (off.length > 0) {
      options.onNotice?.(`${path}: lines ${off.join(', ')} (from 0) reach over the edge of the page and are left out.`);
    }
    licences.add(transcript.licence);
    leftOut += transcript.lines.length - onPageLines.length;
    for (const { index, text, polygon } of onPageLines) {
      images.push(lineStem(cutPolygon(page, polygon), { height }));
      lines.push({ id: `${transcript.id}#${index}`, text, page: transcript.id });
    }
  }
  bad.report(folder);
  if (images.length === 0) throw noLines(folder, options);
  const dataset = linesFromImages(name, images, lines, height);
  return { dataset, licence: [...licences].join('; '), leftOut };
}

interface Page {
  /** Of the picture. */
  readonly path: string;
  readonly transcript: PageTranscript;
}

/** The pictures of a folder in the order of their names, each with its transcript. */
async function readPages(
  folder: string,
  { prefix = '', onNotice }: CutPageLinesOptions,
  bad: BadFiles,
): Promise<Page[]> {
  const files = (await listFolder(folder)).filter((file) => file.startsWith(prefix) && !isHidden(file)).sort();
  const pictures = files.filter((file) => /\.(?:jpe?g|png)$/iu.test(file));
  const stems = new Set(pictures.map(stemOf));
  const alone = files.filter((file) => file.endsWith('.json') && !stems.has(stemOf(file)));
  if (alone.length > 0) onNotice?.(`${folder}: there is no picture beside ${alone.join(', ')}.`);
  const pages: Page[] = [];
  for (const picture of pictures) {
    const path = join(folder, picture);
    const transcriptPath = join(folder, `${stemOf(picture)}.json`);
    const transcript = await bad.read(transcriptPath, () => readPageTranscript(transcriptPath));
    if (transcript) pages.push({ path, transcript });
  }
  return pages;
}

function stemOf(file: string): string {
  return file.replace(/\.[^.]+$/u, '');
}

/** Lines are told apart by their page's id: two pages of one id would make a pack that cannot be read. */
function requireOwnIds(pages: readonly Page[]): void {
  const paths = new Map<string, string>();
  for (const { path, transcript } of pages) {
    const other = paths.get(transcript.id);
    if (other !== undefined) {
      throw new TextRecognizerError(
        'DATASET_INVALID',
        `The pages ${other} and ${path} have the same id, ${JSON.stringify(transcript.id)}: give each an id of its own in its JSON.`,
      );
    }
    paths.set(transcript.id, path);
  }
}

function noLines(folder: string, { prefix }: CutPageLinesOptions): TextRecognizerError {
  const which = prefix === undefined ? '' : ` on pages that begin with '${prefix}'`;
  return new TextRecognizerError(
    'DATASET_INVALID',
    `${folder} has no lines to cut${which}: it should hold NAME.jpg and NAME.json for each page.`,
  );
}

/** The lines that say what is to be read, with their places on the page. */
function wholeLines({ lines }: PageTranscript) {
  const heights = lines.map(({ polygon }) => heightOf(polygon)).sort((a, b) => a - b);
  const usual = heights[heights.length >> 1];
  return lines
    .map(({ text, polygon }, index) => ({ index, text: text.normalize('NFC').trim(), polygon }))
    .filter(({ text, polygon }) => text !== '' && !marked.test(text) && heightOf(polygon) >= LOWEST_SHARE * usual);
}

type Polygon = readonly (readonly [number, number])[];

function heightOf(polygon: Polygon): number {
  const ys = polygon.map(([, y]) => y);
  return Math.max(...ys) - Math.min(...ys);
}

/** Whether nearly all of a polygon, and a pixel at least, is on the page; the rest is clipped. */
function isOnPage(polygon: Polygon, page: GrayImage): boolean {
  const isWithin = (values: readonly number[], end: number) => {
    const [from, to] = [Math.min(...values), Math.max(...values)];
    const inside = Math.min(end, to) - Math.max(0, from);
    return inside >= 1 && inside >= LEAST_ON_PAGE * (to - from);
  };
  return (
    isWithin(
      polygon.map(([x]) => x),
      page.width,
    ) &&
    isWithin(
      polygon.map(([, y]) => y),
      page.height,
    )
  );
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
