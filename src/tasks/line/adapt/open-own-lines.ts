import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { LineDataset } from '../../../datasets/lines/line-dataset.ts';
import { drawnLines } from '../../../datasets/lines/memory-lines.ts';
import type { BadFileOptions } from '../../../datasets/sources/bad-files.ts';
import { readFolderLines } from '../../../datasets/sources/read-folder-lines.ts';
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
  const isFolder = await stat(what).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) {
    const { dataset, licence: found } = await readFolderLines(what, { ...bad, name: basename(resolve(what)), licence });
    return { ...dataset, licence: found };
  }
  const dataset = await openLineSet(what, dataRoot, bad);
  return dataset.source.kind === 'memory' ? dataset : drawnLines(dataset, 0);
}
