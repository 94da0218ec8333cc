import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { preparedSet } from '../../datasets/prepare/prepared-sets.ts';
import { prepareSet, prepareWholePages } from '../../datasets/prepare/prepare-set.ts';
import { DATASET_NAMES, prepareShards } from '../../datasets/registry.ts';
import { writeLinePack } from '../../datasets/sources/line-pack.ts';
import { cutPageLines } from '../../datasets/sources/pages/cut-page-lines.ts';
import { writePages } from '../../datasets/sources/pages/write-pages.ts';
import { hasTextPairs, readTextPairs } from '../../datasets/sources/text-pairs.ts';
import { TextRecognizerError } from '../../errors.ts';
import { requireWritable } from '../../files/explain-write.ts';
import { lineLicence } from '../../tasks/line/line-licence.ts';
import { openLineSet } from '../../tasks/line/open-line-sets.ts';
import { defaultPageModel } from '../../models/default-models.ts';
import { readModel } from '../../models/model-store.ts';
import { openPageFinder } from '../../reading/open-page-finder.ts';
import { foundLineCutter, linesOfScenes } from '../../tasks/page/cut-found-lines.ts';
import { dataRootOption, skipBadOption, wholeNumber } from '../options.ts';

/** Chooses loose crops and scenes, so that the same files give the same packs. */
const seed = 1;

interface PrepareOptions {
  readonly as?: string;
  readonly output?: string;
  readonly wholePages?: boolean;
  readonly pages?: string;
  readonly licence?: string;
  readonly from?: string;
  readonly skipBad?: boolean;
  readonly asFound?: boolean;
  readonly scenes?: number;
  readonly dataRoot: string;
}

/** `prepare FOLDER` or `prepare DATASET`: makes what trainings read of one's own pages and lines, or of a data set's official files. */
export function prepareCommand(): Command {
  return new Command('prepare')
    .description('make data sets from your own pages and lines, or from the official files of a data set')
    .argument(
      '<folder-or-dataset>',
      'pictures of pages with PAGE XML, ALTO or NAME.json; pictures of lines with NAME.gt.txt; or a data set, e.g. iam-train',
    )
    .option('--output <prefix>', 'write the pack PREFIX.bin.gz and PREFIX.json.gz')
    .option('--as <name>', 'the name of the pack in the folder lines of the data root (default: that of the data set)')
    .option('--whole-pages', 'write whole pages, NAME.jpg and NAME.json, to the folder --output instead')
    .option('--pages <beginning>', 'with a folder: only files whose names begin with this')
    .option('--licence <text>', 'with a folder: the licence of the pages, which XML and text files do not state')
    .option('--from <folder>', 'with a data set: the folder of its official files (default: DATA-ROOT/raw/SOURCE)')
    .option(
      '--as-found',
      'with a folder: cut lines where the page model finds them, on the page and in loose crops of it, instead of along the polygons',
    )
    .option(
      '--scenes <number>',
      'with a data set: compose this many photographs of its lines (on a desk, in shadow, on squared paper …), and cut out what the page model finds',
      wholeNumber(1),
    )
    .addOption(skipBadOption())
    .addOption(dataRootOption())
    .action(async (what: string, options: PrepareOptions) => {
      const isFolder = statSync(what, { throwIfNoEntry: false })?.isDirectory() ?? false;
      console.log(isFolder ? await prepareFolder(what, options) : await prepareDataset(what, options));
    });
}

async function prepareFolder(folder: string, options: PrepareOptions): Promise<string> {
  refuse(options, ['from', 'scenes'], `${folder} is a folder`);
  const output = outputOf(options);
  if (output === undefined) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `Say with --output or --as where to write what is made of ${folder}.`,
    );
  }
  await requireWritable(options.wholePages ? join(output, 'page.json') : `${output}.bin.gz`);
  const read = { prefix: options.pages, licence: options.licence, ...readOptions(options) };
  if (options.wholePages) {
    const { pages, lines, licence } = await writePages(folder, output, read);
    return `${output}: ${pages} pages with ${lines} lines, licence: ${licence}`;
  }
  const name = basename(output);
  const isCut = (await hasTextPairs(folder)) && !options.asFound;
  const cutter = options.asFound
    ? foundLineCutter(await openPageFinder(await readModel(defaultPageModel)), seed)
    : undefined;
  const { dataset, licence, leftOut } = isCut
    ? await readTextPairs(folder, { ...read, name })
    : await cutPageLines(folder, { ...read, name, cutter });
  await writeLinePack(output, dataset, licence);
  // As found, a line may come twice, on its page and in a crop of it.
  const all = options.asFound ? '' : ` of ${dataset.length + leftOut}`;
  return `${output}: ${dataset.length}${all} lines, licence: ${licence}`;
}

async function prepareDataset(name: string, options: PrepareOptions): Promise<string> {
  refuse(options, ['pages', 'licence', 'asFound'], `${name} is not a folder`);
  const { dataRoot: root, from } = options;
  if (options.wholePages) {
    const prepared = await prepareWholePages(name, { root, from, output: options.output, ...readOptions(options) });
    return `${prepared.path}: ${prepared.pages} pages with ${prepared.lines} lines, licence: ${prepared.licence}`;
  }
  const output = outputOf(options) ?? join(root, 'lines', basename(name));
  if (options.scenes !== undefined) return await prepareScenes(name, output, options.scenes, options);
  if (preparedSet(name) !== undefined) {
    await requireWritable(`${output}.bin.gz`);
    const { lines, leftOut, licence } = await prepareSet(name, { root, from, output, ...readOptions(options) });
    return `${output}: ${lines} of ${lines + leftOut} lines, licence: ${licence}`;
  }
  refuse(options, ['from'], `${name} has its files in ${join(root, 'raw')}`);
  return DATASET_NAMES.includes(name) ? await prepareShards(name, { root }) : await prepareLines(name, output, options);
}

/** Lines that `train` opens in their official form, too, but slowly. */
async function prepareLines(name: string, output: string, options: PrepareOptions): Promise<string> {
  const dataset = await openLineSet(name, options.dataRoot, readOptions(options));
  if (dataset.source.kind !== 'memory') {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `The lines of ${name} are redrawn in each epoch: name it in an experiment as it is, without preparing it.`,
    );
  }
  const licence = lineLicence(dataset);
  await requireWritable(`${output}.bin.gz`);
  await writeLinePack(output, dataset, licence);
  return `${output}: ${dataset.length} lines, licence: ${licence}`;
}

/** Lines as people bring them, of a pack or a data set of lines. */
async function prepareScenes(name: string, prefix: string, scenes: number, options: PrepareOptions): Promise<string> {
  const output = outputOf(options) ?? `${prefix}-scenes`;
  await requireWritable(`${output}.bin.gz`);
  const lines = await openLineSet(name, options.dataRoot, readOptions(options));
  const finder = await openPageFinder(await readModel(defaultPageModel));
  const dataset = await linesOfScenes(lines, finder, { seed, scenes, onScene: progress('scene') });
  await finder.session.close();
  const licence = lineLicence(lines);
  await writeLinePack(output, dataset, licence);
  return `${output}: ${dataset.length} lines of ${scenes} scenes, licence: ${licence}`;
}

function outputOf({ output, as, dataRoot }: PrepareOptions): string | undefined {
  if (output !== undefined && as !== undefined) {
    throw new TextRecognizerError('INVALID_ARGUMENT', 'Give either --output or --as, not both.');
  }
  return as === undefined ? output : join(dataRoot, 'lines', as);
}

/** Throws INVALID_ARGUMENT for options that say nothing here. */
function refuse(options: PrepareOptions, names: readonly (keyof PrepareOptions)[], because: string): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  const flag = given.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
  throw new TextRecognizerError('INVALID_ARGUMENT', `${because}, which --${flag} does not go with.`);
}

function readOptions({ skipBad }: PrepareOptions) {
  return { skipBad, onPage: progress('page'), onNotice: (message: string) => console.error(message) };
}

function progress(unit: string): ((done: number, all: number) => void) | undefined {
  if (!process.stderr.isTTY) return undefined;
  return (done, all) => process.stderr.write(`\r${unit} ${done} of ${all}${done === all ? '\n' : ''}`);
}
