import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { expandWildcards } from '../expand-wildcards.ts';

/** A file to read. */
export interface RecognizeInput {
  /** Its path, or `-` for standard input. */
  readonly file: string;
  /** What the results are called, with the folders that they are in, without extension. */
  readonly name: string;
}

const pictures = /\.(?:avif|bmp|gif|hei[cf]|jpe?g|pdf|png|tiff?|webp)$/iu;

/**
 * The files that arguments name, in order: files, patterns with `*` and `?`, and the pictures in folders and below them, by name. Results
 * are called as their files, without the extension where no other file of the folder is called the same. Folders are listed one at a time;
 * `except` is passed over. Throws INVALID_ARGUMENT where two results would have one name, FILE_NOT_FOUND for a folder without pictures.
 */
export async function* listInputs(paths: readonly string[], except?: string): AsyncGenerator<RecognizeInput> {
  const all = await expandWildcards(paths);
  const folders = new Set<string>();
  for (const path of new Set(all)) if (await isFolder(path)) folders.add(path);
  const files = all.filter((path) => !folders.has(path));
  const names = namesOf(files.map((file) => (file === '-' ? 'standard-input' : basename(file))));
  requireOwn(files, names);
  for (const path of all) {
    if (!folders.has(path)) yield { file: path, name: names[files.indexOf(path)] };
    else yield* listFolder(path, folders.size > 1 || files.length > 0 ? basename(resolve(path)) : '', except);
  }
}

async function* listFolder(folder: string, name: string, except: string | undefined): AsyncGenerator<RecognizeInput> {
  let found = false;
  for await (const input of walk(folder, name, except)) {
    found = true;
    yield input;
  }
  if (!found) throw new TextRecognizerError('FILE_NOT_FOUND', `There are no pictures in the folder ${folder}.`);
}

async function* walk(folder: string, name: string, except: string | undefined): AsyncGenerator<RecognizeInput> {
  if (except !== undefined && resolve(folder) === resolve(except)) return;
  const entries = (await readdir(folder, { withFileTypes: true })).filter((entry) => !entry.name.startsWith('.'));
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const files = sorted.filter((entry) => !entry.isDirectory() && isPicture(entry.name)).map((entry) => entry.name);
  const names = new Map(namesOf(files).map((each, i) => [files[i], each]));
  for (const entry of sorted) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path, join(name, entry.name), except);
    else if (names.has(entry.name)) yield { file: path, name: join(name, names.get(entry.name)!) };
  }
}

/** Whether a file is a picture or a document, by its name. */
export function isPicture(file: string): boolean {
  return pictures.test(file);
}

/** Names without their extensions; with them where two would be the same. */
export function namesOf(files: readonly string[]): string[] {
  const stems = files.map((file) => file.replace(/\.[^.]+$/u, ''));
  const seen = new Set<string>();
  const repeated = new Set(stems.filter((stem) => seen.size === seen.add(stem).size));
  return files.map((file, i) => (repeated.has(stems[i]) ? file : stems[i]));
}

function requireOwn(files: readonly string[], names: readonly string[]): void {
  const paths = new Map<string, string>();
  for (const [i, name] of names.entries()) {
    const other = paths.get(name);
    if (other !== undefined && other !== files[i]) {
      const message = `${other} and ${files[i]} have the same name. Give the folder that they are in, or read one after the other.`;
      throw new TextRecognizerError('INVALID_ARGUMENT', message);
    }
    paths.set(name, files[i]);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return path !== '-' && ((await stat(path).catch(() => undefined))?.isDirectory() ?? false);
}
