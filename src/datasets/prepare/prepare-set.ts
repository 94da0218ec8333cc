import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { lineStem } from '../../images/line-stem.ts';
import { PACKAGE_DATA, readDatasetMetadata } from '../dataset-metadata.ts';
import type { BadFileOptions } from '../sources/bad-files.ts';
import { readIamLines } from '../sources/iam-lines.ts';
import { readIamOndb } from '../sources/iam-ondb.ts';
import { iamPartIds } from '../sources/iam-splits.ts';
import { writeLinePack } from '../sources/line-pack.ts';
import { type WrittenPages, writePages } from '../sources/pages/write-pages.ts';
import { cutPageLines } from '../sources/pages/cut-page-lines.ts';
import { writeStrokePack } from '../sources/stroke-pack.ts';
import { officialFolder, type PreparedSet, preparedSet, PREPARED_NAMES } from './prepared-sets.ts';

export interface PrepareOptions extends BadFileOptions {
  /** The folder of data sets. */
  readonly root: string;
  /** Where the official files are; default `ROOT/raw/SOURCE`. */
  readonly from?: string;
  /** The pack that is written, `PREFIX.bin.gz` and `PREFIX.json.gz`; default `ROOT/lines/NAME`, where recipes look for it. */
  readonly output?: string;
  readonly onPage?: (done: number, pages: number) => void;
}

/** What was prepared. */
export interface PreparedFiles {
  /** The prefix of the pack. */
  readonly path: string;
  readonly lines: number;
  readonly leftOut: number;
  readonly licence: string;
}

/**
 * Makes the set that recipes call `name` of its official files. Throws DATASET_NOT_FOUND with how to get them, or what reading them
 * throws.
 */
export async function prepareSet(name: string, options: PrepareOptions): Promise<PreparedFiles> {
  const { set, from, licence } = officialForm(name, options);
  const path = options.output ?? join(options.root, 'lines', name);
  return { path, licence, ...(await write(set, name, path, { ...options, from, licence })) };
}

/** A set, the folder of its official files, and its licence; throws DATASET_NOT_FOUND. */
function officialForm(name: string, options: Pick<PrepareOptions, 'root' | 'from'>) {
  const set = preparedSet(name);
  if (set === undefined) {
    throw new TextRecognizerError(
      'DATASET_NOT_FOUND',
      `There is no set ${name}; there are ${PREPARED_NAMES.join(', ')}.`,
    );
  }
  const { from = officialFolder(set, options.root) } = options;
  const { licence, access = '' } = readDatasetMetadata(set.source);
  if (!existsSync(from)) {
    const message = `${name} is made of the official files, which are not in ${from}. ${access} --from names another folder.`;
    throw new TextRecognizerError('DATASET_NOT_FOUND', message);
  }
  return { set, from, licence };
}

/**
 * Writes the pages of a set as `writePages` does, with the collection before their names; `output` is `ROOT/pages/NAME` by default.
 * Throws INVALID_ARGUMENT for a set that is not made of pages.
 */
export async function prepareWholePages(
  name: string,
  options: PrepareOptions,
): Promise<WrittenPages & { readonly path: string }> {
  const { set, from, licence } = officialForm(name, options);
  if (set.kind !== 'pages')
    throw new TextRecognizerError('INVALID_ARGUMENT', `${name} is not made of pages: leave out --whole-pages.`);
  const path = options.output ?? join(options.root, 'pages', name);
  const only = pagesOf(set);
  return { path, ...(await writePages(from, path, { ...options, only, licence, collection: set.source })) };
}

type Counts = Pick<PreparedFiles, 'lines' | 'leftOut'>;

async function write(
  set: PreparedSet,
  name: string,
  path: string,
  { from, licence, ...options }: PrepareOptions & { from: string; licence: string },
): Promise<Counts> {
  if (set.kind === 'strokes') return prepareStrokes(from, path, licence, options);
  if (set.kind === 'iam') {
    const dataset = await readIamLines(from, { ...options, split: 'aachen', part: set.part, stem: lineStem });
    await writeLinePack(path, dataset, licence);
    return { lines: dataset.length, leftOut: 0 };
  }
  const only = pagesOf(set);
  // Sets that are called pages are photographs of lines, as the stem makes them; in the others a line keeps the height of its polygon.
  const whole = !set.list.startsWith('pages-');
  const { dataset, leftOut } = await cutPageLines(from, { ...options, name, only, whole, licence });
  await writeLinePack(path, dataset, licence);
  return { lines: dataset.length, leftOut };
}

/** Texts of IAM's forms for validation and test are left out: IAM-OnDB's writers copied the same ones. */
async function prepareStrokes(from: string, path: string, licence: string, options: BadFileOptions): Promise<Counts> {
  const { lines, leftOut } = await readIamOndb(from, options);
  const held = new Set([...iamPartIds('aachen', 'val', from), ...iamPartIds('aachen', 'test', from)].map(textOf));
  const kept = lines.filter(({ info }) => !held.has(textOf(info.id)));
  if (kept.length === 0) throw new TextRecognizerError('DATASET_INVALID', `${from} has no line to train on.`);
  await writeStrokePack(path, { licence, lines: kept });
  return { lines: kept.length, leftOut: leftOut + lines.length - kept.length };
}

/** `a01-000` of the form `a01-000u` or the line `a01-000u-01`: which text was copied. */
function textOf(id: string): string {
  return id.slice(0, 'a01-000'.length);
}

/** The names of a set's pages; Peraire's files are called `test_NAME`, too. */
function pagesOf({ source, list }: { readonly source: string; readonly list: string }): ReadonlySet<string> {
  const lists = z
    .record(z.string(), z.array(z.string()))
    .parse(JSON.parse(readFileSync(new URL(`${source}/pages.json`, PACKAGE_DATA), 'utf8')));
  return new Set(lists[list].flatMap((name) => [name, `test_${name}`]));
}
