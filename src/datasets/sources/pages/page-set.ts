import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TextRecognizerError } from '../../../errors.ts';
import type { Point } from '../../../images/affine.ts';
import { decodeImage } from '../../../images/decode-image.ts';
import type { GrayImage } from '../../../images/gray-image.ts';
import { resize } from '../../../images/resize.ts';
import { type PageLine, pageLine } from './page-line.ts';
import { type PageTranscript, readPageTranscript } from './page-transcript.ts';

/** A page to learn from: its picture, its lines, and what is neither right nor wrong there. */
export interface Page {
  readonly name: string;
  readonly image: GrayImage;
  readonly lines: readonly PageLine[];
  readonly ignored: readonly (readonly Point[])[];
}

/** A page as it lies in a folder: its picture and beside it `NAME.json`. */
export interface PageFile {
  /** What the names of its collection begin with, up to the first dash. */
  readonly collection: string;
  readonly picture: string;
  readonly transcript: string;
}

/**
 * The pages of a folder in the order of their names: `NAME.jpg` (or .png) with `NAME.json`. `prefix` leaves out those whose names
 * begin otherwise. Throws FILE_NOT_FOUND or DATASET_INVALID.
 */
export async function listPages(folder: string, prefix = ''): Promise<PageFile[]> {
  const files = await readdir(folder).catch((cause: unknown) => {
    throw new TextRecognizerError('FILE_NOT_FOUND', `There is no folder ${folder} with pages.`, { cause });
  });
  const pictures = files.filter((file) => /\.(?:jpe?g|png)$/iu.test(file) && file.startsWith(prefix));
  if (pictures.length === 0) {
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `${folder} has no pages whose names begin with '${prefix}': it should hold NAME.jpg and NAME.json for each.`,
    );
  }
  return pictures.sort().map((file) => ({
    collection: file.split('-', 1)[0],
    picture: join(folder, file),
    transcript: join(folder, file.replace(/\.[^.]+$/u, '.json')),
  }));
}

/** Reads a page to learn from, made smaller until no side is longer than `maxSide` pixels. Throws FILE_NOT_FOUND or DATASET_INVALID. */
export async function readPage({ picture, transcript: path }: PageFile, maxSide: number): Promise<Page> {
  const transcript = await readPageTranscript(path);
  const whole = await decodeImage(picture);
  const scale = Math.min(1, maxSide / Math.max(whole.width, whole.height));
  const image = resize(whole, Math.round(whole.width * scale), Math.round(whole.height * scale), 'area');
  const factor = image.width / transcript.width;
  const scaled = (points: readonly Point[]) => points.map(([x, y]): Point => [x * factor, y * factor]);
  const ignored = (transcript.omitted ?? []).map(({ polygon }) => scaled(polygon));
  const lines: PageLine[] = [];
  for (const { polygon, baseline } of transcript.lines) {
    const line = baseline ? pageLine(scaled(polygon), scaled(baseline)) : undefined;
    if (line) lines.push(line);
    else ignored.push(scaled(polygon));
  }
  return { name: transcript.id, image, lines, ignored };
}

/** A page's picture as it is, with its transcript. Throws FILE_NOT_FOUND or DATASET_INVALID. */
export async function readWrittenPage({ picture, transcript: path }: PageFile): Promise<WrittenPage> {
  const transcript = await readPageTranscript(path);
  const image = await decodeImage(picture, { maxSide: Math.max(transcript.width, transcript.height) });
  if (image.width === transcript.width && image.height === transcript.height) return { image, transcript };
  throw new TextRecognizerError(
    'DATASET_INVALID',
    `${picture} has ${image.width}×${image.height} pixels, its transcript speaks of ${transcript.width}×${transcript.height}: they do not belong together.`,
  );
}

/** A page with what is written on it; places are in pixels of the picture. */
export interface WrittenPage {
  readonly image: GrayImage;
  readonly transcript: PageTranscript;
}
