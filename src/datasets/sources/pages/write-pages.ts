import { join, parse } from 'node:path';
import { TextRecognizerError } from '../../../errors.ts';
import { writeFileAtomic } from '../../../files/write-file-atomic.ts';
import { decodeImage } from '../../../images/decode-image.ts';
import { encodeJpeg } from '../../../images/encode-jpeg.ts';
import { BadFiles } from '../bad-files.ts';
import { findPages, type FindPagesOptions, type FoundPage } from './find-pages.ts';
import { isOnPage } from './is-on-page.ts';
import type { PageTranscript } from './page-transcript.ts';
import type { Polygon } from './transcribed-page.ts';

export interface WritePagesOptions extends FindPagesOptions {
  /** Pictures are made smaller until no side is longer; 1,600 pixels by default. */
  readonly maxSide?: number;
  /** Stands before the pages' names, with a hyphen; results are shown by collection. None by default. */
  readonly collection?: string;
  readonly onPage?: (done: number, pages: number) => void;
}

/** What was written of pages. */
export interface WrittenPages {
  readonly pages: number;
  readonly lines: number;
  /** Each once. */
  readonly licence: string;
}

const QUALITY = 85;

/**
 * Writes the pages of `folder`, as `findPages` finds them, to `output` in one form: `NAME.jpg`, gray, and `NAME.json`, a `PageTranscript`
 * in pixels of that picture, with places cut off at its edges. A page's JSON is written last. Throws DATASET_INVALID, FILE_NOT_FOUND, or
 * what decoding an image or writing a file throws.
 */
export async function writePages(folder: string, output: string, options: WritePagesOptions): Promise<WrittenPages> {
  const { maxSide = 1600, collection, onPage } = options;
  const bad = new BadFiles(options);
  const found = await findPages(folder, options, bad);
  const nameOf = (page: FoundPage) => (collection === undefined ? '' : `${collection}-`) + fileNameOf(page);
  requireOwnFiles(found);
  const licences = new Set<string>();
  let [pages, lines] = [0, 0];
  for (const [done, page] of found.entries()) {
    const written = await bad.read(page.path, () => writePage(page, join(output, nameOf(page)), maxSide));
    onPage?.(done + 1, found.length);
    if (written === undefined) continue;
    pages++;
    lines += written.lines.length;
    licences.add(written.licence);
  }
  bad.report(folder);
  if (pages > 0) return { pages, lines, licence: [...licences].join('; ') };
  const message = `${folder} has no pages: it should hold pictures with PAGE XML, ALTO or NAME.json for each page.`;
  throw new TextRecognizerError('DATASET_INVALID', message);
}

async function writePage({ path, transcript }: FoundPage, file: string, maxSide: number): Promise<PageTranscript> {
  const image = await decodeImage(path, { maxSide });
  const { width, height } = image;
  const { original } = image;
  const isWhole = Math.abs(original.width * transcript.height - original.height * transcript.width);
  if (isWhole > Math.max(original.width, original.height, transcript.width, transcript.height)) {
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `${path} has ${original.width}×${original.height} pixels, its transcript speaks of ${transcript.width}×${transcript.height}: they do not belong together.`,
    );
  }
  const placed = placeIn(transcript, width, height);
  await writeFileAtomic(`${file}.jpg`, await encodeJpeg(image, QUALITY));
  await writeFileAtomic(`${file}.json`, JSON.stringify(placed));
  return placed;
}

/** The transcript in pixels of a picture of another size; lines that do not show their whole text there count as not transcribed. */
function placeIn(transcript: PageTranscript, width: number, height: number): PageTranscript {
  const [scaleX, scaleY] = [width / transcript.width, height / transcript.height];
  const place = (points: Polygon) =>
    points.map(([x, y]): [number, number] => [
      clamp(Math.round(x * scaleX), width),
      clamp(Math.round(y * scaleY), height),
    ]);
  const hasArea = ({ polygon }: { polygon: Polygon }) =>
    [0, 1].every((axis) => new Set(polygon.map((point) => point[axis])).size > 1);
  const shown = transcript.lines.filter(({ polygon }) => isOnPage(polygon, transcript));
  const lines = shown.map(({ text, polygon, baseline }) => ({
    text,
    polygon: place(polygon),
    baseline: baseline ? place(baseline) : null,
  }));
  const others = [...transcript.lines.filter((line) => !shown.includes(line)), ...(transcript.omitted ?? [])];
  const omitted = others.map(({ polygon }) => ({ polygon: place(polygon) }));
  return { ...transcript, width, height, lines: lines.filter(hasArea), omitted: omitted.filter(hasArea) };
}

function clamp(value: number, end: number): number {
  return Math.min(Math.max(value, 0), end);
}

/** A page's id as a file name on every system; a file that has more before its id, such as its collection, keeps that. */
function fileNameOf({ path, transcript: { id } }: FoundPage): string {
  const name = id.replace(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^\./u, '_');
  const own = parse(path).name;
  return own.endsWith(`-${name}`) ? own : name;
}

function requireOwnFiles(pages: readonly FoundPage[]): void {
  const paths = new Map<string, string>();
  for (const page of pages) {
    const { path } = page;
    const file = fileNameOf(page).toLowerCase();
    const other = paths.get(file);
    if (other !== undefined) {
      const message = `The ids of the pages ${other} and ${path} give the same file name, ${file}: change one of them.`;
      throw new TextRecognizerError('DATASET_INVALID', message);
    }
    paths.set(file, path);
  }
}
