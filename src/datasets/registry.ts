import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closest } from 'fastest-levenshtein';
import { TextRecognizerError } from '../errors.ts';
import { PACKAGE_DATA } from './dataset-metadata.ts';
import type { Dataset } from './dataset.ts';
import { EMNIST_SPLITS, type EmnistPart, type EmnistSplit } from './sources/emnist-classes.ts';
import { loadEmnist } from './sources/emnist.ts';
import { IDX_LABELS, parseIdxReading, type IdxReading } from './sources/idx-reading.ts';
import { hasIdxPair, idxDataset, loadIdxPair, type IdxPairOptions } from './sources/load-idx-pair.ts';
import { readCsvImages } from './sources/read-csv-images.ts';
import { MANIFEST_FILE } from './sources/shard-manifest.ts';
import { openShards } from './sources/shards.ts';
import { shardContent, writeShards } from './sources/write-shards.ts';

/** Where data sets are kept: `ROOT/raw/NAME` as downloaded, `ROOT/processed/NAME` as shards. */
export interface DatasetRoot {
  readonly root: string;
  /** Told what was put right in files that are not as MNIST's are. */
  readonly onNotice?: (message: string) => void;
}

const SAMPLES = ['emnist-sample-train', 'emnist-sample-test'];
const EMNIST_NAME = new RegExp(`^emnist-(${Object.keys(EMNIST_SPLITS).join('|')})-(train|test)$`);
const EMNIST_NAMES = Object.keys(EMNIST_SPLITS).flatMap((split) => [`emnist-${split}-train`, `emnist-${split}-test`]);

/** The names that `openDataset` knows. */
export const DATASET_NAMES: readonly string[] = [...SAMPLES, ...EMNIST_NAMES];

/**
 * Opens a dataset by name (`emnist-sample-test`, `emnist-byclass-train`, …), by the prefix of a pair of idx files, by a folder of
 * shards, or by a CSV file of a label and pixels a row, as Kaggle's. Files named `emnist-SPLIT-PART` get that split's classes, others
 * those of ByClass; idx files in which 1, l and I lie are turned upright. `,labels=SPLIT` and `,transposed=yes` or `no` after a prefix
 * or a CSV file override this. Throws `DATASET_NOT_FOUND` with what would help, or what reading the files throws.
 */
export async function openDataset(nameOrPath: string, options: DatasetRoot): Promise<Dataset> {
  if (SAMPLES.includes(nameOrPath)) return loadSample(nameOrPath);
  const emnist = parseEmnistName(nameOrPath);
  if (emnist !== undefined) return openEmnist(emnist, options.root);
  if (existsSync(join(nameOrPath, MANIFEST_FILE))) return openShards(nameOrPath);
  return openImages(nameOrPath, options);
}

/**
 * Turns a named EMNIST part into shards under `ROOT/processed`, from where `openDataset` then reads it with little memory. Returns
 * the folder; does nothing where it exists.
 */
export async function prepareShards(name: string, { root }: DatasetRoot): Promise<string> {
  const folder = join(root, 'processed', name);
  if (existsSync(join(folder, MANIFEST_FILE))) return folder;
  await writeShards(folder, shardContent(await openDataset(name, { root })));
  return folder;
}

interface EmnistName {
  readonly name: string;
  readonly split: EmnistSplit;
  readonly part: EmnistPart;
}

function parseEmnistName(name: string): EmnistName | undefined {
  const match = EMNIST_NAME.exec(name);
  if (match === null) return undefined;
  return { name, split: match[1] as EmnistSplit, part: match[2] as EmnistPart };
}

function loadSample(name: string): Promise<Dataset> {
  return loadIdxPair(join(fileURLToPath(PACKAGE_DATA), 'emnist-sample', name));
}

/** Shards before NIST's archive before NIST's single files. */
async function openEmnist({ name, split, part }: EmnistName, root: string): Promise<Dataset> {
  const shards = join(root, 'processed', name);
  if (existsSync(join(shards, MANIFEST_FILE))) return openShards(shards);
  const raw = join(root, 'raw', 'emnist');
  const zip = join(raw, 'gzip.zip');
  if (existsSync(zip)) return loadEmnist(zip, { split, part });
  if (hasIdxPair(join(raw, name))) return loadEmnist(raw, { split, part });
  throw new TextRecognizerError(
    'DATASET_NOT_FOUND',
    `${name} is not in ${root}. Fetch it with \`text-recognizer download emnist\` (562 MB), put NIST's gzip.zip at ${zip}, ` +
      `or give the prefix of its idx files with the folder that they are in.`,
  );
}

/** Opens idx or CSV files, which do not say how they are to be read. */
async function openImages(nameOrPath: string, { onNotice }: DatasetRoot): Promise<Dataset> {
  const { prefix, reading } = parseIdxReading(nameOrPath);
  const pair = {
    transpose: reading.transposed ?? 'auto',
    pixels: 'auto',
    onNotice,
    ...pairClasses(prefix, reading),
  } as const;
  if (hasIdxPair(prefix)) return loadIdxPair(prefix, pair);
  if (/\.csv$/i.test(prefix)) {
    const { images, labels } = await readCsvImages(prefix);
    return idxDataset(images, labels, { name: basename(prefix), ...pair });
  }
  if (prefix === nameOrPath) throw notFound(nameOrPath);
  throw new TextRecognizerError(
    'DATASET_NOT_FOUND',
    `${nameOrPath}: labels and transposed are for the prefix of idx files or for a CSV file, and ${prefix} is neither.`,
  );
}

function pairClasses(prefix: string, { labels }: IdxReading): IdxPairOptions {
  const split = labels ?? parseEmnistName(basename(prefix))?.split;
  if (split === undefined) return {};
  const { classes, firstLabel } = IDX_LABELS[split];
  return { classes, firstLabel };
}

function notFound(name: string): TextRecognizerError {
  const known = `The data sets are ${DATASET_NAMES.join(', ')}.`;
  const problem = /[\\/]/.test(name)
    ? `There is neither ${name}-images-idx3-ubyte.gz with its labels, nor a dataset in a folder ${name}.`
    : `There is no data set ${name}; did you mean ${closest(name, DATASET_NAMES)}?`;
  return new TextRecognizerError(
    'DATASET_NOT_FOUND',
    `${problem} ${known} Or give PREFIX for PREFIX-images-idx3-ubyte.gz.`,
  );
}
