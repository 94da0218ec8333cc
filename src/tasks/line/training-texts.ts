import { parseLineShare } from '../../datasets/lines/line-share.ts';
import { splitPages } from '../../datasets/lines/split-pages.ts';
import { keepOpened } from '../keep-opened.ts';
import { openLineSet, openLineSets } from './open-line-sets.ts';

export interface TrainingTextOptions {
  readonly dataRoot: string;
  /** Sets whose writers, pages and sentences are left out. */
  readonly holdOut: readonly string[];
  /** Of the splits of pages: what any of them keeps aside is left out. */
  readonly seeds: readonly [number, ...number[]];
  readonly onNotice?: (notice: string) => void;
}

/**
 * The texts of lines, in their order: of `SET@0.05` without the pages that trainings with this `validationShare` and one of the seeds keep aside, and
 * without lines that share a writer, a page or a sentence with those or with `holdOut`.
 */
export async function trainingTexts(
  names: readonly string[],
  { dataRoot, holdOut, seeds: [seed, ...others], onNotice }: TrainingTextOptions,
): Promise<string[]> {
  const open = keepOpened((name: string) => openLineSet(name, dataRoot));
  const train = names.map((name) => ({ ...parseLineShare(name), weight: 1, fitted: false }));
  const tests = await Promise.all(holdOut.map(open));
  for (const { lines, validationShare } of train.filter((set) => set.validationShare > 0)) {
    const dataset = await open(lines);
    tests.push(...others.map((other) => splitPages(dataset, validationShare, other).aside));
  }
  const data = { train, validation: [], validationLines: Infinity };
  const sets = await openLineSets({ data, training: { seed } }, tests, open);
  for (const notice of sets.notices) onNotice?.(notice);
  return sets.train.flatMap(({ dataset }) => dataset.lines.map(({ text }) => text));
}
