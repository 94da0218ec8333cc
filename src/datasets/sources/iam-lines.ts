import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { decodeText, decodeXml } from '../../files/decode-text.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { type BadFileOptions, BadFiles, isHidden } from './bad-files.ts';
import { findIamImages } from './find-iam-images.ts';
import { type IamPart, iamPartIds, type IamSplit, isInIamPart } from './iam-splits.ts';
import { type IamLine, parseIamForm, parseIamForms, parseIamLines } from './iam-transcripts.ts';
import type { LineDataset, LineInfo } from '../lines/line-dataset.ts';
import { linesFromImages } from '../lines/memory-lines.ts';
import { readFileOrExplain } from './read-file-or-explain.ts';

/** What to read of IAM, and how. */
export interface IamLineOptions extends BadFileOptions {
  readonly split: IamSplit;
  /** `extra`: forms in no part of the Aachen split, by writers that its validation and test do not have. */
  readonly part: IamPart | 'extra';
  /** Turns a line's crop, dark ink on paper, into an image of `height` with white ink: the stem of the network. */
  readonly stem: (crop: GrayImage) => GrayImage;
}

/**
 * Reads lines of the IAM Handwriting Database 3.0 from a registered user's folder: `xml/` (or `ascii/lines.txt` and `ascii/forms.txt`)
 * with the texts, `lines/a01/a01-000u/a01-000u-00.png` (or `forms/a01-000u.png`, cut along the words' boxes) with the images; the
 * folders may be flat, and the files may lie in `folder` itself. Throws `FILE_NOT_FOUND` with what is missing, `DATASET_INVALID`, or what decoding an image throws.
 */
export async function readIamLines(folder: string, options: IamLineOptions): Promise<LineDataset> {
  const { split, part, stem } = options;
  const bad = new BadFiles(options);
  const all = await readTranscripts(folder, bad);
  const lines = part === 'extra' ? linesOutsideAachen(all, folder) : linesOfPart(all, split, part, folder);
  if (lines.length === 0) {
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `No transcription in ${folder} is of the ${part} part of ${split}.`,
    );
  }
  const images: GrayImage[] = [];
  const infos: LineInfo[] = [];
  const readLine = await findIamImages(folder);
  for (const line of lines) {
    const image = await bad.read(line.id, async () => stem(await readLine(line)));
    if (image === undefined) continue;
    images.push(image);
    const { id, form, text, writer } = line;
    infos.push({ id, text: text.normalize('NFC'), page: form, ...(writer !== undefined && { writer }) });
  }
  bad.report(folder);
  if (images.length === 0) throw new TextRecognizerError('DATASET_INVALID', `${folder} has no line that can be read.`);
  return linesFromImages(`iam-${part}`, images, infos);
}

function linesOfPart(lines: readonly IamLine[], split: IamSplit, part: IamPart, folder: string): IamLine[] {
  const ids = iamPartIds(split, part, folder);
  return lines.filter(({ id }) => isInIamPart(ids, id));
}

function linesOutsideAachen(lines: readonly IamLine[], folder: string): IamLine[] {
  const [train, val, test] = (['train', 'val', 'test'] as const).map((part) =>
    linesOfPart(lines, 'aachen', part, folder),
  );
  const split = new Set([...train, ...val, ...test]);
  const held = new Set([...val, ...test].map(({ writer }) => writer));
  return lines.filter((line) => !split.has(line) && line.writer !== undefined && !held.has(line.writer));
}

/** The texts of all lines: from the XML, which has them as written, otherwise from the table of tokens. */
async function readTranscripts(folder: string, bad: BadFiles): Promise<IamLine[]> {
  const files = await listXml(folder);
  if (files.length > 0) {
    const forms: IamLine[][] = [];
    for (const file of files) {
      forms.push((await bad.read(file, async () => parseIamForm(decodeXml(await readFileOrExplain(file))))) ?? []);
    }
    return forms.flat();
  }
  const ascii = ['ascii', '.'].map((name) => join(folder, name)).find((place) => existsSync(join(place, 'lines.txt')));
  if (ascii === undefined) {
    throw new TextRecognizerError(
      'FILE_NOT_FOUND',
      `${folder} has neither xml/ nor ascii/lines.txt. Register at https://fki.tic.heia-fr.ch/databases/iam-handwriting-database ` +
        'and unpack xml.tgz or ascii.tgz there.',
    );
  }
  const writers = existsSync(join(ascii, 'forms.txt'))
    ? parseIamForms(await readText(join(ascii, 'forms.txt')))
    : new Map<string, string>();
  const lines = parseIamLines(await readText(join(ascii, 'lines.txt')));
  return lines.map((line) => Object.assign(line, { writer: writers.get(line.form) }));
}

/** The files of `xml/` and of folders within it, or those in `folder` itself. */
async function listXml(folder: string): Promise<string[]> {
  const xml = join(folder, 'xml');
  const place = existsSync(xml) ? xml : folder;
  const names = await readdir(place, { recursive: place === xml }).catch(() => []);
  return names
    .filter((name) => name.endsWith('.xml') && !isHidden(name))
    .sort()
    .map((name) => join(place, name));
}

async function readText(path: string): Promise<string> {
  return decodeText(await readFileOrExplain(path));
}
