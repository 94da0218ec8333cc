import { TextRecognizerError } from '../../../errors.ts';
import { cutPolygon } from '../../../images/cut-polygon.ts';
import { decodeImage } from '../../../images/decode-image.ts';
import type { GrayImage } from '../../../images/gray-image.ts';
import { areStrokesDark } from '../../../images/stroke-polarity.ts';
import { invert } from '../../../images/invert.ts';
import { lineStem } from '../../../images/line-stem.ts';
import { resize } from '../../../images/resize.ts';
import { BadFiles } from '../bad-files.ts';
import type { LineDataset, LineInfo } from '../../lines/line-dataset.ts';
import { linesFromImages } from '../../lines/memory-lines.ts';
import { findPages, type FindPagesOptions } from './find-pages.ts';
import { isOnPage } from './is-on-page.ts';
import type { PageTranscript } from './page-transcript.ts';
import type { Polygon } from './transcribed-page.ts';

/** Cuts lines out of a page; each may come in several pieces of paper, or in none. */
export type LineCutter = (page: GrayImage, polygons: readonly Polygon[]) => Promise<readonly (readonly GrayImage[])[]>;

export interface CutPageLinesOptions extends FindPagesOptions {
  /** The name of the data set that comes out. */
  readonly name: string;
  /** Height of the lines in pixels; 64 by default. */
  readonly height?: number;
  /** Whether a line keeps the whole height of its polygon, instead of going through the stem as a photograph of it does. */
  readonly whole?: boolean;
  /** Cuts the lines instead of the transcripts' polygons. */
  readonly cutter?: LineCutter;
  readonly onPage?: (done: number, pages: number) => void;
}

/** Lines that were cut out of pages, and the pages' licences, each once. */
export interface PageLines {
  readonly dataset: LineDataset;
  readonly licence: string;
  /** Lines without text, with struck-out or inserted writing, that are not level, or with a polygon that is hardly a line or not on the page. */
  readonly leftOut: number;
}

/** Marks that transcribers set where writing was struck out or inserted: such lines do not say what is to be read. */
const marked = /[<>#⋎]/u;
/** A polygon this much lower than is usual on its page cuts its writing. */
const LOWEST_SHARE = 0.5;

/** Lines whose baseline rises or falls more, in degrees, are not read as rows. */
const STEEPEST = 30;

/**
 * Cuts the lines out of the pages of a folder, as `findPages` finds them, and brings each through the line stem, just as a photograph of
 * it. Throws DATASET_INVALID, FILE_NOT_FOUND or what decoding an image throws.
 */
export async function cutPageLines(folder: string, options: CutPageLinesOptions): Promise<PageLines> {
  const { name, height = 64, cutter = cutByPolygon, onPage } = options;
  const bad = new BadFiles(options);
  const pages = await findPages(folder, options, bad);
  const [images, lines]: [GrayImage[], LineInfo[]] = [[], []];
  const licences = new Set<string>();
  let leftOut = 0;
  for (const [done, { path, transcript }] of pages.entries()) {
    const page = await bad.read(path, () => readPage(path, transcript));
    onPage?.(done + 1, pages.length);
    if (page === undefined) continue;
    const cut = linesToCut(path, page, transcript, options);
    licences.add(transcript.licence);
    leftOut += transcript.lines.length + (transcript.omitted?.length ?? 0) - cut.length;
    const pieces = await cutter(
      page,
      cut.map(({ polygon }) => polygon),
    );
    for (const [i, { index, text }] of cut.entries()) {
      for (const [k, piece] of pieces[i].entries()) {
        images.push(options.whole ? wholeLine(piece, height) : lineStem(piece, { height }));
        lines.push({ id: `${transcript.id}#${index}${k > 0 ? `.${k}` : ''}`, text, page: transcript.id });
      }
    }
  }
  bad.report(folder);
  if (images.length === 0) throw noLines(folder, options);
  const dataset = linesFromImages(name, images, lines, height);
  return { dataset, licence: [...licences].join('; '), leftOut };
}

/** The lines that show on the page what they say; of those that do not for their place, a notice. */
function linesToCut(path: string, page: GrayImage, transcript: PageTranscript, { onNotice }: CutPageLinesOptions) {
  const whole = wholeLines(transcript);
  const onPage = whole.filter(({ polygon }) => isOnPage(polygon, page));
  const level = onPage.filter(({ baseline }) => !isSteep(baseline));
  const tell = (before: typeof whole, after: typeof whole, what: string) => {
    const missing = before.filter((line) => !after.includes(line)).map(({ index }) => index);
    if (missing.length > 0) onNotice?.(`${path}: lines ${missing.join(', ')} (from 0) ${what} and are left out.`);
  };
  tell(whole, onPage, 'reach over the edge of the page');
  tell(onPage, level, `are more than ${STEEPEST}° from level`);
  return level;
}

const cutByPolygon: LineCutter = async (page, polygons) => polygons.map((polygon) => [cutPolygon(page, polygon)]);

/** White ink, `height` pixels high, in the proportions that it has. */
function wholeLine(piece: GrayImage, height: number): GrayImage {
  const width = Math.max(1, Math.round((piece.width * height) / piece.height));
  const line = resize(piece, width, height, 'area');
  return areStrokesDark(piece) ? invert(line) : line;
}

function noLines(folder: string, { prefix, only }: CutPageLinesOptions): TextRecognizerError {
  const which = prefix === undefined ? '' : ` on pages that begin with '${prefix}'`;
  const listed = only === undefined ? '' : ` on any of the ${only.size} pages of this set`;
  return new TextRecognizerError(
    'DATASET_INVALID',
    `${folder} has no lines to cut${which}${listed}: it should hold pictures with PAGE XML, ALTO or NAME.json for each page.`,
  );
}

/** The lines that say what is to be read, with their places on the page. */
function wholeLines({ lines }: PageTranscript) {
  const heights = lines.map(({ polygon }) => heightOf(polygon)).sort((a, b) => a - b);
  const usual = heights[heights.length >> 1];
  return lines
    .map(({ text, polygon, baseline }, index) => ({ index, text: text.normalize('NFC').trim(), polygon, baseline }))
    .filter(({ text, polygon }) => text !== '' && !marked.test(text) && heightOf(polygon) >= LOWEST_SHARE * usual);
}

function heightOf(polygon: Polygon): number {
  const ys = polygon.map(([, y]) => y);
  return Math.max(...ys) - Math.min(...ys);
}

/** Whether a line goes up or down rather than along; one from right to left goes along, too. */
function isSteep(baseline: Polygon | null | undefined): boolean {
  if (!baseline) return false;
  const [[x0, y0], [x1, y1]] = [baseline[0], baseline.at(-1)!];
  return Math.abs(y1 - y0) > Math.tan((STEEPEST * Math.PI) / 180) * Math.abs(x1 - x0);
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
