import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { crop } from '../../images/crop.ts';
import { decodeImage } from '../../images/decode-image.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { type IamPart, iamPartIds, type IamSplit, isInIamPart } from './iam-splits.ts';
import { type IamLine, parseIamForm, parseIamForms, parseIamLines } from './iam-transcripts.ts';
import type { LineDataset, LineInfo } from './line-dataset.ts';
import { linesFromImages } from './memory-lines.ts';
import { readFileOrExplain } from './read-file-or-explain.ts';

/** What to read of IAM, and how. */
export interface IamLineOptions {
  readonly split: IamSplit;
  readonly part: IamPart;
  /** Turns a line's crop, dark ink on paper, into an image of `height` with white ink: the stem of the network. */
  readonly stem: (crop: GrayImage) => GrayImage;
}

/**
 * Reads lines of the IAM Handwriting Database 3.0 from a registered user's folder: `xml/` (or `ascii/lines.txt` and `ascii/forms.txt`)
 * with the texts, `lines/a01/a01-000u/a01-000u-00.png` (or `forms/a01-000u.png`, cut along the words' boxes) with the images.
 * Throws `FILE_NOT_FOUND` with what is missing, `DATASET_INVALID`, or what decoding an image throws.
 */
export async function readIamLines(folder: string, { split, part, stem }: IamLineOptions): Promise<LineDataset> {
  const ids = iamPartIds(split, part, folder);
  const lines = (await readTranscripts(folder)).filter((line) => isInIamPart(ids, line.id));
  if (lines.length === 0) {
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `No transcription in ${folder} is of the ${part} part of ${split}.`,
    );
  }
  const images: GrayImage[] = [];
  const infos: LineInfo[] = [];
  const readLine = lineReader(folder);
  for (const line of lines) {
    images.push(stem(await readLine(line)));
    const { id, form, text, writer } = line;
    infos.push({ id, text: text.normalize('NFC'), page: form, ...(writer !== undefined && { writer }) });
  }
  return linesFromImages(`iam-${part}`, images, infos);
}

/** The texts of all lines: from the XML, which has them as written, else from the table of tokens. */
async function readTranscripts(folder: string): Promise<IamLine[]> {
  const xml = join(folder, 'xml');
  if (existsSync(xml)) {
    const files = (await readdir(xml)).filter((file) => file.endsWith('.xml')).sort();
    const forms = [];
    for (const file of files) forms.push(parseIamForm(await readText(join(xml, file))));
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

/** Reads a line's own image, or cuts it from its form, which is decoded once for all its lines. */
function lineReader(folder: string): (line: IamLine) => Promise<GrayImage> {
  if (existsSync(join(folder, 'lines'))) {
    return ({ id, form }) => decodeImage(join(folder, 'lines', form.slice(0, 3), form, `${id}.png`));
  }
  let last: { form: string; image: GrayImage } | undefined;
  return async ({ id, form, box }) => {
    if (box === undefined) throw new TextRecognizerError('DATASET_INVALID', `${id} has no box on its form.`);
    if (last?.form !== form) last = { form, image: await decodeImage(join(folder, 'forms', `${form}.png`)) };
    return crop(last.image, box);
  };
}

async function readText(path: string): Promise<string> {
  return (await readFileOrExplain(path)).toString('utf8');
}
