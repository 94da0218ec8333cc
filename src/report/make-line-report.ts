import type { LineDataset } from '../datasets/lines/line-dataset.ts';
import type { LineReading } from '../text/error-rates.ts';
import { lineImageUris } from './line-image-uris.ts';
import { lineReportHtml, type LineReport } from './line-report-html.ts';
import { selectExamples } from './select-examples.ts';

export interface LineReportParts extends Pick<LineReport, 'title' | 'facts' | 'curves'> {
  readonly dataset: LineDataset;
  /** What is written and what was read, `[lines]`. */
  readonly readings: readonly LineReading[];
}

/** Examples of each kind in a report, and the seed of the random ones. */
const examples = { count: 20, seed: 42 };

/** The report of an evaluation as HTML, with the images of its worst, best and some random lines. */
export async function makeLineReport({ dataset, readings, ...rest }: LineReportParts): Promise<string> {
  const chosen = selectExamples(readings, examples.count, examples.seed);
  const shown = [...chosen.worst, ...chosen.best, ...chosen.random];
  return lineReportHtml({ ...rest, readings, examples: chosen, images: await lineImageUris(dataset, shown) });
}
