import { type PageFile, readWrittenPage, type WrittenPage } from '../../datasets/sources/pages/page-set.ts';
import { findLines, type PageFinder } from '../../reading/find-lines.ts';
import { findingRates, type LineMatches, matchLines } from './match-lines.ts';

/** How well the lines of some pages are found. */
export interface PageEvaluation {
  readonly pages: number;
  /** Lines of the transcripts. */
  readonly lines: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Finds the lines of pages and compares them with their transcripts: matches at an intersection over union of a half. */
export async function evaluatePages(finder: PageFinder, files: readonly PageFile[]): Promise<PageEvaluation> {
  const matches: LineMatches[] = [];
  for (const file of files) matches.push(await matchPage(finder, await readWrittenPage(file)));
  const lines = matches.reduce((sum, { wanted }) => sum + wanted, 0);
  return { pages: files.length, lines, ...findingRates(matches) };
}

/** The lines that are found on a page, matched with those that are there. */
export async function matchPage(finder: PageFinder, { image, transcript }: WrittenPage): Promise<LineMatches> {
  const found = await findLines(image, finder);
  const [polygons, wanted, ignored] = [found, transcript.lines, transcript.omitted ?? []].map((parts) =>
    parts.map(({ polygon }) => polygon),
  );
  return matchLines(polygons, wanted, ignored);
}

/** The pages of each collection. */
export function byCollection(files: readonly PageFile[]): Map<string, PageFile[]> {
  const groups = new Map<string, PageFile[]>();
  for (const file of files) groups.set(file.collection, [...(groups.get(file.collection) ?? []), file]);
  return groups;
}
