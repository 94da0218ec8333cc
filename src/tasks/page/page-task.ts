import { join } from 'node:path';
import { openDataset } from '../../datasets/registry.ts';
import { parseIdxReading } from '../../datasets/sources/idx-reading.ts';
import { hasIdxPair } from '../../datasets/sources/load-idx-pair.ts';
import { readPageTranscript } from '../../datasets/sources/pages/page-transcript.ts';
import { listPages, type PageFile } from '../../datasets/sources/pages/page-set.ts';
import type { Glyphs } from '../../datasets/synthesis/pages/page-sampler.ts';
import { createPageNetwork } from '../../networks/create-page-network.ts';
import { percent } from '../../report/percent.ts';
import type { Learner, OpenOptions, Task } from '../task.ts';
import { evaluatePageModel } from './evaluate-page-model.ts';
import { byCollection, type PageEvaluation } from './evaluate-pages.ts';
import { type PageExperiment, pageExperimentSchema } from './page-experiment.ts';
import { type PageCalibration, pageLearner, pageMonitor } from './page-learner.ts';

/** Finding the lines of writing in pictures. */
export const pageTask: Task<PageExperiment, PageCalibration, PageEvaluation> = {
  kind: 'page',
  schema: pageExperimentSchema,
  monitor: pageMonitor,
  checkNetwork: ({ name, config }) => void createPageNetwork(name, config),
  withData: (experiment, names) => ({ ...experiment, data: { ...experiment.data, pages: [...names] } }),
  open,
  summary: ({ precision, recall, f1 }) =>
    `precision ${percent(precision, 1)}, recall ${percent(recall, 1)}, F1 ${percent(f1, 1)}`,
  evaluateModel: evaluatePageModel,
};

async function open(
  stages: readonly PageExperiment[],
  { dataRoot, test = [] }: OpenOptions,
): Promise<Learner<PageCalibration, PageEvaluation>[]> {
  const listAll = async (folders: readonly string[]) =>
    (await Promise.all(folders.map((folder) => listPages(join(dataRoot, folder))))).flat();
  const tests = await listAll(test);
  const learners: Learner<PageCalibration, PageEvaluation>[] = [];
  for (const { data, network, training } of stages) {
    const files = await listAll(data.pages);
    const isHeld = (_: PageFile, i: number) => i % data.held.every === data.held.first;
    const kept = files.filter((file, i) => !isHeld(file, i));
    const learning = {
      ...training,
      train: kept,
      maxSide: data.maxSide,
      trainedOn: await sourcesOf(kept),
      held: files.filter(isHeld),
      tests,
      glyphs: data.characters === undefined ? undefined : await openGlyphs(data.characters, dataRoot),
    };
    learners.push(pageLearner(createPageNetwork(network.name, network.config), learning));
  }
  return learners;
}

/** The collections that pages come from, with the licences that their transcripts name; all transcripts are checked. */
async function sourcesOf(files: readonly PageFile[]) {
  const sources = [];
  for (const [name, own] of byCollection(files)) {
    const licences = new Set<string>();
    for (const { transcript } of own) licences.add((await readPageTranscript(transcript)).licence);
    sources.push({ name, length: own.length, licence: [...licences].join('; ') });
  }
  return sources;
}

/** Sheets need no more characters than these, evenly spread over their data set. */
const mostGlyphs = 8000;

async function openGlyphs(name: string, root: string): Promise<Glyphs> {
  const inRoot = join(root, 'emnist', name);
  const dataset = await openDataset(hasIdxPair(parseIdxReading(inRoot).prefix) ? inRoot : name, { root });
  const count = Math.min(mostGlyphs, dataset.length);
  const data = new Uint8Array(new SharedArrayBuffer(count * dataset.height * dataset.width));
  const indices = Array.from({ length: count }, (_, i) => Math.floor((i * dataset.length) / count));
  dataset.read(indices, data);
  return { height: dataset.height, width: dataset.width, count, data };
}
