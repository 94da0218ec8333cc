import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { decodeText, decodeXml } from '../../files/decode-text.ts';
import { type BadFileOptions, BadFiles, isHidden } from './bad-files.ts';
import { parseXml } from './parse-xml.ts';
import { readFileOrExplain } from './read-file-or-explain.ts';
import type { StrokeLine } from '../synthesis/stroke-line.ts';

/**
 * Reads pen paths of the IAM On-Line Handwriting Database from a registered user's folder: `lineStrokes/a01/a01-000/a01-000u-01.xml`
 * with the points, `ascii/a01/a01-000/a01-000u.txt` with the lines' texts in turn. Lines without a text, and texts without a line, are
 * left out and counted. Throws `FILE_NOT_FOUND` or `DATASET_INVALID`.
 */
export async function readIamOndb(
  folder: string,
  options: BadFileOptions = {},
): Promise<{ lines: StrokeLine[]; leftOut: number }> {
  const bad = new BadFiles(options);
  const lines: StrokeLine[] = [];
  let leftOut = 0;
  for (const page of await listPages(folder)) {
    const transcript = join(folder, 'ascii', page.folder, `${page.id}.txt`);
    const texts = await bad.read(transcript, async () =>
      parseOndbText(decodeText(await readFileOrExplain(transcript))),
    );
    if (texts === undefined) {
      leftOut += page.lines.length;
      continue;
    }
    for (const { id, number } of page.lines) {
      const text = texts[number - 1];
      if (text === undefined || text === '') {
        leftOut++;
        continue;
      }
      const path = join(folder, 'lineStrokes', page.folder, `${id}.xml`);
      const strokes = await bad.read(path, async () => parseOndbStrokes(decodeXml(await readFileOrExplain(path)), id));
      if (strokes) lines.push({ info: { id, text: text.normalize('NFC'), page: page.id }, ...strokes });
      else leftOut++;
    }
  }
  bad.report(folder);
  return { lines, leftOut };
}

/** The texts of a page's lines: what follows `CSR:` (corrected), as `OCR:` before it is a recogniser's guess. */
export function parseOndbText(content: string): string[] {
  const rows = content.split(/\r?\n/).map((row) => row.trim());
  const start = rows.indexOf('CSR:');
  if (start < 0)
    throw new TextRecognizerError('DATASET_INVALID', 'A text of IAM-OnDB has a section CSR:; this one has none.');
  return rows.slice(start + 1).filter((row) => row !== '');
}

/** The points of one line: `StrokeSet` / `Stroke` / `Point` with x and y, y downward. */
export function parseOndbStrokes(xml: string, id: string): Pick<StrokeLine, 'points' | 'strokes'> {
  const { WhiteboardCaptureSession: session } = parseXml(xml, ['Stroke', 'Point']) as {
    WhiteboardCaptureSession?: XmlSession;
  };
  const strokes = (session?.StrokeSet?.Stroke ?? [])
    .map((stroke) => stroke.Point ?? [])
    .filter(({ length }) => length > 0);
  const points = Float32Array.from(strokes.flat().flatMap(({ x, y }) => [Number(x), Number(y)]));
  if (strokes.length > 0 && points.every(Number.isFinite)) {
    return { points, strokes: Uint32Array.from(strokes, (stroke) => stroke.length) };
  }
  throw new TextRecognizerError(
    'DATASET_INVALID',
    `${id}: this is not the XML of a line of IAM-OnDB: no strokes with points.`,
  );
}

interface XmlSession {
  readonly StrokeSet?: {
    readonly Stroke?: readonly { readonly Point?: readonly { readonly x: string; readonly y: string }[] }[];
  };
}

interface OndbPage {
  /** Such as a01-000u. */
  readonly id: string;
  /** Such as a01/a01-000. */
  readonly folder: string;
  readonly lines: readonly { readonly id: string; readonly number: number }[];
}

async function listPages(folder: string): Promise<OndbPage[]> {
  const root = join(folder, 'lineStrokes');
  for (const part of ['lineStrokes', 'ascii']) {
    if (existsSync(join(folder, part))) continue;
    throw new TextRecognizerError(
      'FILE_NOT_FOUND',
      `${folder} has no ${part}/. Register at https://fki.tic.heia-fr.ch/databases/iam-on-line-handwriting-database and unpack ` +
        'lineStrokes-all.tar.gz and ascii-all.tar.gz there.',
    );
  }
  const pages = new Map<string, { id: string; folder: string; lines: { id: string; number: number }[] }>();
  const files = (await readdir(root, { recursive: true })).map((file) => file.replaceAll('\\', '/'));
  for (const file of files.sort()) {
    const match = /^(.*)\/((.*)-(\d+))\.xml$/.exec(file);
    if (match === null || isHidden(file)) continue;
    const [, place, id, page, number] = match;
    const known = pages.get(page) ?? { id: page, folder: place, lines: [] };
    known.lines.push({ id, number: Number(number) });
    pages.set(page, known);
  }
  return [...pages.values()];
}
