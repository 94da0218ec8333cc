import { cutPageLines, type CutPageLinesOptions, type PageLines } from './pages/cut-page-lines.ts';
import { hasTextPairs, readTextPairs } from './text-pairs.ts';

/** The lines of a folder: pictures of lines with `NAME.gt.txt`, otherwise pictures of pages with PAGE XML, ALTO or `NAME.json`. */
export async function readFolderLines(folder: string, options: CutPageLinesOptions): Promise<PageLines> {
  return (await hasTextPairs(folder)) ? await readTextPairs(folder, options) : await cutPageLines(folder, options);
}
