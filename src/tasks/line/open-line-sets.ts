import type { BadFileOptions } from '../../datasets/sources/bad-files.ts';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasIdxPair } from '../../datasets/sources/load-idx-pair.ts';
import type { LineLoaderSet } from '../../datasets/batches/line-batch-loader.ts';
import type { LineDataset } from '../../datasets/lines/line-dataset.ts';
import { openLines } from '../../datasets/lines/line-registry.ts';
import { drawnLines, linesFromImages, subsetLines } from '../../datasets/lines/memory-lines.ts';
import { withoutOverlap } from '../../datasets/lines/without-overlap.ts';
import { splitPages } from '../../datasets/lines/split-pages.ts';
import { fitWriting, lineStem } from '../../images/line-stem.ts';
import type { LineExperiment } from './line-experiment.ts';

export interface LineSets {
  readonly train: readonly LineLoaderSet[];
  readonly validation: readonly LineDataset[];
  /** What was left out of the training sets, and why: for the reader of the log. */
  readonly notices: readonly string[];
}

/** What of an experiment names its sets and splits them. */
interface LineSelection {
  readonly data: Pick<LineExperiment['data'], 'train' | 'validation' | 'validationLines'>;
  readonly training: Pick<LineExperiment['training'], 'seed'>;
}

/**
 * Opens the sets that an experiment names, keeps pages of them aside, and leaves out of the training what shares a writer, a page, a
 * sentence or its image with the lines that are kept aside or in `tests`.
 */
export async function openLineSets(
  { data, training }: LineSelection,
  tests: readonly LineDataset[],
  openSet: (name: string) => Promise<LineDataset>,
): Promise<LineSets> {
  const train: LineLoaderSet[] = [];
  const validation: LineDataset[] = [];
  for (const { lines, weight, fitted, validationShare } of data.train) {
    const opened = await openSet(lines);
    const dataset = fitted ? fittedLines(opened) : opened;
    if (validationShare === 0) {
      train.push({ dataset, weight });
      continue;
    }
    const { kept, aside } = splitPages(dataset, validationShare, training.seed);
    train.push({ dataset: kept, weight });
    validation.push(aside);
  }
  for (const name of data.validation) validation.push(await openSet(name));
  const held = [...validation, ...tests];
  const heldImages = new Set(held.flatMap(imageHashes));
  const disjoint = train.map((set) => leaveOutHeld(set, held, heldImages));
  return {
    train: disjoint.map(({ set }) => set),
    validation: validation.map((dataset) => evenly(dataset, data.validationLines)),
    notices: disjoint.flatMap(({ notice }) => notice ?? []),
  };
}

/** Lines cut down to their writing; where their words are is not known any more. */
function fittedLines(dataset: LineDataset): LineDataset {
  const images = dataset.lines.map((_, index) => fitWriting(dataset.image(index)));
  const lines = dataset.lines.map(({ words: _words, ...line }) => line);
  return { ...linesFromImages(`${dataset.name}, fitted`, images, lines, dataset.height), licence: dataset.licence };
}

/** Ids of writers and pages mean something within one collection only, which is the first word of a set's name; images are the same anywhere. */
function leaveOutHeld(
  set: LineLoaderSet,
  held: readonly LineDataset[],
  heldImages: ReadonlySet<string>,
): { set: LineLoaderSet; notice?: string } {
  if (set.dataset.source.kind !== 'memory') return { set };
  const collection = collectionOf(set.dataset);
  const ofCollection = held.filter((other) => collectionOf(other) === collection);
  const { dataset: disjoint } = withoutOverlap(set.dataset, ofCollection);
  const images = imageHashes(disjoint);
  const kept = images.flatMap((hash, index) => (heldImages.has(hash) ? [] : [index]));
  const dataset = kept.length < disjoint.length ? subsetLines(disjoint, kept) : disjoint;
  const leftOut = set.dataset.length - dataset.length;
  if (leftOut === 0) return { set };
  const notice = `${set.dataset.name}: ${leftOut} of ${set.dataset.length} lines are left out, which share a writer, a page, a sentence or the image with lines that are held out.`;
  return { set: { ...set, dataset }, notice };
}

/** Of each line in memory; lines that are drawn have none. */
function imageHashes({ source, length, image }: LineDataset): string[] {
  if (source.kind !== 'memory') return [];
  return Array.from({ length }, (_, i) => {
    const { width, data } = image(i);
    return `${width}:${createHash('sha1').update(data).digest('base64')}`;
  });
}

function collectionOf({ name }: LineDataset): string {
  return name.split(/[-,]/, 1)[0];
}

/** Lines by name, or a line pack by its prefix or by its name in `ROOT/lines`. */
export async function openLineSet(name: string, root: string, options: BadFileOptions = {}): Promise<LineDataset> {
  const inRoot = join(root, 'lines', name);
  const isInRoot = !existsSync(`${name}.json.gz`) && existsSync(`${inRoot}.json.gz`);
  return await openLines(isInRoot ? inRoot : name, {
    ...options,
    root,
    stem: lineStem,
    ...characterSource(name, root),
  });
}

/** EMNIST as a pair of idx files in `ROOT/emnist`, where it is there. */
function characterSource(name: string, root: string): { characters?: string } {
  const part = name.endsWith('-test') ? 'test' : 'train';
  const prefix = join(root, 'emnist', `emnist-byclass-${part}`);
  return /^emnist-(lines|fields)-/.test(name) && hasIdxPair(prefix) ? { characters: prefix } : {};
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
