import { basename, dirname, join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { decodeText } from '../../files/decode-text.ts';
import { decodeImage } from '../../images/decode-image.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { lineStem } from '../../images/line-stem.ts';
import type { LineInfo } from '../lines/line-dataset.ts';
import { linesFromImages } from '../lines/memory-lines.ts';
import { type BadFileOptions, BadFiles } from './bad-files.ts';
import { isPicture, listFiles } from './list-files.ts';
import type { PageLines } from './pages/cut-page-lines.ts';
import { readFileOrExplain } from './read-file-or-explain.ts';

export interface TextPairsOptions extends BadFileOptions {
  /** The name of the data set that comes out. */
  readonly name: string;
  /** Only lines whose files' names begin so; all by default. */
  readonly prefix?: string;
  /** What the lines may be used for; default `unknown`. */
  readonly licence?: string;
  /** Height of the lines in pixels; 64 by default. */
  readonly height?: number;
}

const ending = /\.gt\.txt$/iu;

/**
 * Reads the lines of `folder` and below as OCRopus, kraken and Tesseract have them: `NAME.gt.txt` with the text in UTF-8 beside
 * `NAME.png` (also `.jpg`, `.tif`, `.webp`, or `NAME.bin.png` and the like). A folder within is taken for a page. Lines without text are left
 * out. Throws DATASET_INVALID, FILE_NOT_FOUND or what decoding an image throws.
 */
export async function readTextPairs(folder: string, options: TextPairsOptions): Promise<PageLines> {
  const { name, prefix = '', licence = 'unknown', height = 64 } = options;
  const bad = new BadFiles(options);
  const files = await listFiles(folder);
  const pictures = picturesByName(files);
  const [images, lines]: [GrayImage[], LineInfo[]] = [[], []];
  let leftOut = 0;
  for (const file of files.filter((file) => ending.test(file) && basename(file).startsWith(prefix))) {
    const line = await bad.read(join(folder, file), () => readPair(folder, file, pictures, height));
    if (line === undefined) continue;
    if (line === 'empty') {
      leftOut++;
      continue;
    }
    const id = file.replace(ending, '');
    const page = dirname(file);
    images.push(line.image);
    lines.push({ id, text: line.text, ...(page !== '.' && { page }) });
  }
  bad.report(folder);
  if (images.length === 0) {
    const message = `${folder} has no lines that can be read: it should hold NAME.png and NAME.gt.txt for each.`;
    throw new TextRecognizerError('DATASET_INVALID', message);
  }
  return { dataset: linesFromImages(name, images, lines, height), licence, leftOut };
}

/** Whether `folder` holds pairs of a picture and a text. */
export async function hasTextPairs(folder: string): Promise<boolean> {
  return (await listFiles(folder)).some((file) => ending.test(file));
}

/** Pictures by their path up to the first dot of the name after `NAME`: OCRopus has `0001.bin.png`, `0001.nrm.png`. */
function picturesByName(files: readonly string[]): Map<string, string> {
  const pictures = files.filter(isPicture);
  const plain = pictures.map((file): [string, string] => [file.replace(/\.[^./]+$/u, ''), file]);
  const marked = pictures.map((file): [string, string] => [file.replace(/\.(?:bin|nrm|dew)\.[^./]+$/iu, ''), file]);
  return new Map([...marked.toReversed(), ...plain]);
}

async function readPair(folder: string, file: string, pictures: ReadonlyMap<string, string>, height: number) {
  const text = oneLine(decodeText(await readFileOrExplain(join(folder, file))));
  const picture = pictures.get(file.replace(ending, ''));
  if (picture === undefined) {
    const wanted = basename(file).replace(ending, '.png');
    throw new TextRecognizerError('FILE_NOT_FOUND', `The picture ${wanted} (or .jpg, .tif, .bin.png) is missing.`);
  }
  if (text === '') return 'empty';
  return { text, image: lineStem(await decodeImage(join(folder, picture)), { height }) };
}

/** The one line of a text; throws DATASET_INVALID for several, and for what is not text. */
function oneLine(content: string): string {
  const rows = content.split(/\r\n|[\n\r\u2028]/u).map((row) => row.normalize('NFC').trim());
  const written = rows.filter((row) => row !== '');
  if (written.length > 1) {
    const second = rows.indexOf(written[1], rows.indexOf(written[0]) + 1) + 1;
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `It has ${written.length} lines (the second is line ${second}); a picture has one.`,
    );
  }
  // U+FFFD stands for bytes that are not in the encoding, U+0000 is in no text.
  const row = rows.findIndex((row) => /[\ufffd\0]/u.test(row));
  if (row >= 0) {
    throw new TextRecognizerError('DATASET_INVALID', `Line ${row + 1} is not UTF-8: save the text as UTF-8.`);
  }
  return (written[0] ?? '').replace(/\s+/gu, ' ');
}
