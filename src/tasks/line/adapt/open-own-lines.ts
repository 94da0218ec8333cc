import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { LineDataset, LineInfo } from '../../../datasets/lines/line-dataset.ts';
import { drawnLines, linesFromImages } from '../../../datasets/lines/memory-lines.ts';
import { BadFiles, type BadFileOptions } from '../../../datasets/sources/bad-files.ts';
import { readFolderLines } from '../../../datasets/sources/read-folder-lines.ts';
import { isPicture, listFiles } from '../../../datasets/sources/list-files.ts';
import { TextRecognizerError } from '../../../errors.ts';
import { decodeImage } from '../../../images/decode-image.ts';
import type { GrayImage } from '../../../images/gray-image.ts';
import { lineStem } from '../../../images/line-stem.ts';
import { openLineSet } from '../open-line-sets.ts';

export interface OwnLinesOptions extends BadFileOptions {
  readonly dataRoot: string;
  /** What the lines of a folder may be used for, where the folder does not say; default `unknown`. */
  readonly licence?: string;
}

/**
 * Lines in memory by the prefix or name of a pack, or of a folder with pictures of lines and `NAME.gt.txt`, or of pages and PAGE XML or
 * ALTO. Throws what opening and reading them throws.
 */
export async function openOwnLines(what: string, { dataRoot, licence, ...bad }: OwnLinesOptions): Promise<LineDataset> {
  if (await isFolder(what)) {
    const { dataset, licence: found } = await readFolderLines(what, { ...bad, name: basename(resolve(what)), licence });
    return { ...dataset, licence: found };
  }
  const dataset = await openLineSet(what, dataRoot, bad);
  return dataset.source.kind === 'memory' ? dataset : drawnLines(dataset, 0);
}

/**
 * Lines whose texts are not looked at: of a folder every picture is one line; otherwise as `openOwnLines`. Throws DATASET_INVALID for a folder
 * without pictures.
 */
export async function openUnlabelledLines(what: string, options: OwnLinesOptions): Promise<LineDataset> {
  if (!(await isFolder(what))) return await openOwnLines(what, options);
  const bad = new BadFiles(options);
  const [images, lines]: [GrayImage[], LineInfo[]] = [[], []];
  for (const file of (await listFiles(what)).filter(isPicture)) {
    const image = await bad.read(join(what, file), async () => lineStem(await decodeImage(join(what, file))));
    if (image === undefined) continue;
    images.push(image);
    lines.push({ id: file, text: '' });
  }
  bad.report(what);
  if (images.length > 0) {
    return { ...linesFromImages(basename(resolve(what)), images, lines), licence: options.licence };
  }
  throw new TextRecognizerError('DATASET_INVALID', `${what} has no pictures; it should hold one of each line.`);
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
