import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasIdxPair } from '../datasets/load-idx-pair.ts';
import type { LineLoaderSet } from '../datasets/lines/line-batch-loader.ts';
import type { LineDataset } from '../datasets/lines/line-dataset.ts';
import { openLines } from '../datasets/lines/line-registry.ts';
import { drawnLines, subsetLines } from '../datasets/lines/memory-lines.ts';
import { splitPages } from '../datasets/lines/split-pages.ts';
import { lineStem } from '../images/line-stem.ts';
import type { LineExperiment } from './line-experiment.ts';

export interface LineSets {
  readonly train: readonly LineLoaderSet[];
  readonly validation: readonly LineDataset[];
}

/** Opens the sets that an experiment names, and keeps pages of them aside. */
export async function openLineSets({ data, training }: LineExperiment, dataRoot: string): Promise<LineSets> {
  const train: LineLoaderSet[] = [];
  const validation: LineDataset[] = [];
  for (const { lines, weight, validationShare } of data.train) {
    const dataset = await openLineSet(lines, dataRoot);
    if (validationShare === 0) {
      train.push({ dataset, weight });
      continue;
    }
    const { kept, aside } = splitPages(dataset, validationShare, training.seed);
    train.push({ dataset: kept, weight });
    validation.push(aside);
  }
  for (const name of data.validation) validation.push(await openLineSet(name, dataRoot));
  return { train, validation: validation.map((dataset) => evenly(dataset, data.validationLines)) };
}

/** Lines by name, or a line pack by its prefix or by its name in `ROOT/lines`. */
export async function openLineSet(name: string, root: string): Promise<LineDataset> {
  const inRoot = join(root, 'lines', name);
  const isInRoot = !existsSync(`${name}.json.gz`) && existsSync(`${inRoot}.json.gz`);
  return await openLines(isInRoot ? inRoot : name, { root, stem: lineStem, ...characterSource(name, root) });
}

/** EMNIST as a pair of idx files in `ROOT/emnist`, where it is there. */
function characterSource(name: string, root: string): { characters?: string } {
  const part = name.endsWith('-test') ? 'test' : 'train';
  const prefix = join(root, 'emnist', `emnist-byclass-${part}`);
  return name.startsWith('emnist-lines') && hasIdxPair(prefix) ? { characters: prefix } : {};
}

/** Up to `most` lines in memory, evenly spread over the data set. */
function evenly(dataset: LineDataset, most: number): LineDataset {
  const drawn = dataset.source.kind === 'memory' ? dataset : drawnLines(dataset, 0);
  if (drawn.length <= most) return drawn;
  return subsetLines(
    drawn,
    Array.from({ length: most }, (_, i) => Math.floor((i * drawn.length) / most)),
  );
}
