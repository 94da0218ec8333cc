import { existsSync } from 'node:fs';
import { readFile, readdir, rename, rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { explainWrite } from '../../files/explain-write.ts';
import { lockFolder } from '../../files/lock-folder.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { readModel } from '../../models/model-store.ts';
import { hashOf, listFiles } from './list-files.ts';
import { listVersions, versionsFolder, writeVersions, type ModelVersion } from './version-record.ts';

/*
 * A registry is a folder of models: `NAME/` is the model that is installed, `versions/NAME/` keeps it and those before it. What is
 * installed is what is in `NAME/`; every step that is interrupted leaves the former model or the new one there.
 */

/** Files of a model by their path in its folder. */
export type ModelFiles = ReadonlyMap<string, Uint8Array>;

/** All files of a folder, in order of their paths. */
export async function readFiles(folder: string): Promise<ModelFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths.toSorted().map(async (path) => [toName(relative(folder, path)), await readFile(path)] as const);
  return new Map(await Promise.all(files));
}

/** What a version came from, and what was checked. */
export type VersionStory = Pick<ModelVersion, 'source' | 'checks'>;

/**
 * Makes a model the installed one of its name, and keeps the former. Throws FOLDER_IN_USE, MODEL_INVALID or CHECKSUM_MISMATCH where the
 * former is damaged, and DISK_FULL or FILE_NOT_WRITABLE.
 */
export async function installModel(
  registry: string,
  { name, digest }: { readonly name: string; readonly digest: string },
  files: ModelFiles,
  story: VersionStory,
): Promise<ModelVersion> {
  return await exclusively(registry, name, async () => {
    const former = await keepInstalled(registry, name);
    const version = await keepVersion(registry, name, digest, files, { ...story, former: former?.version });
    await replaceInstalled(registry, name, files);
    return version;
  });
}

/**
 * Puts back the very bytes of the version before the installed one, or of version `to`. Throws INVALID_ARGUMENT where there is none, and
 * CHECKSUM_MISMATCH where what was kept is damaged; the installed model then stays.
 */
export async function rollbackModel(registry: string, name: string, to?: number): Promise<ModelVersion> {
  if (!existsSync(versionsFolder(registry, basename(name)))) throw noSuchVersion(name, to, []);
  return await exclusively(registry, basename(name), async () => {
    const versions = await listVersions(registry, name);
    const wanted = to ?? (await installedVersion(registry, name, versions))?.former;
    const version = versions.find((each) => each.version === wanted);
    if (version === undefined) throw noSuchVersion(name, to, versions);
    const files = await readVersion(registry, name, version);
    if (to !== undefined && existsSync(join(registry, name, 'model.json')))
      await keepInstalled(registry, name).catch(ignoreDamage);
    await replaceInstalled(registry, name, files);
    return version;
  });
}

/** Which of the versions is installed; undefined where it is none of them, or damaged. */
export async function installedVersion(
  registry: string,
  name: string,
  versions: readonly ModelVersion[],
): Promise<ModelVersion | undefined> {
  const folder = join(registry, name);
  const installed = existsSync(join(folder, 'model.json')) ? await readModel(folder).catch(ignoreDamage) : undefined;
  return versions.find(({ digest }) => digest === installed?.manifest.digest);
}

/** The bytes of a version; throws CHECKSUM_MISMATCH unless they are those that were kept. */
async function readVersion(registry: string, name: string, { version, files }: ModelVersion): Promise<ModelFiles> {
  const folder = join(versionsFolder(registry, name), String(version));
  const found = existsSync(folder) ? await readFiles(folder) : new Map<string, Uint8Array>();
  for (const { name: file, sha256 } of files) {
    const bytes = found.get(file);
    if (bytes !== undefined && hashOf(bytes) === sha256) continue;
    throw new TextRecognizerError(
      'CHECKSUM_MISMATCH',
      `Version ${version} of ${name} is damaged: ${join(folder, file)} ${bytes ? 'was changed' : 'is missing'}. Choose another version with --to.`,
    );
  }
  return new Map(files.map(({ name: file }) => [file, found.get(file)!]));
}

/** Keeps what is installed among the versions; undefined where nothing is. */
async function keepInstalled(registry: string, name: string): Promise<ModelVersion | undefined> {
  const folder = join(registry, name);
  if (!existsSync(join(folder, 'model.json'))) return undefined;
  const { manifest } = await readModel(folder);
  return await keepVersion(registry, name, manifest.digest, await readFiles(folder), { checks: [] });
}

/** Adds a version to those that are kept, unless the same model is among them. */
async function keepVersion(
  registry: string,
  name: string,
  digest: string,
  files: ModelFiles,
  story: VersionStory & Pick<ModelVersion, 'former'>,
): Promise<ModelVersion> {
  const versions = await listVersions(registry, name);
  const known = versions.find((version) => version.digest === digest);
  if (known !== undefined) {
    const { former = known.former } = story;
    if (former === known.former || former === known.version) return known;
    await writeVersions(registry, name, versions.with(versions.indexOf(known), { ...known, former }));
    return { ...known, former };
  }
  const version: ModelVersion = {
    version: 1 + Math.max(0, ...versions.map((each) => each.version)),
    digest,
    added: new Date().toISOString(),
    ...story,
    files: listFiles(files),
  };
  const folder = join(versionsFolder(registry, name), String(version.version));
  // What an interrupted promotion has left there is in no list.
  await rm(folder, { recursive: true, force: true });
  await writeFiles(folder, files);
  await writeVersions(registry, name, [...versions, version]);
  return version;
}

/** Puts files in the place of the installed model: written aside, then two renames. */
async function replaceInstalled(registry: string, name: string, files: ModelFiles): Promise<void> {
  const { next, former } = asides(registry, name);
  const installed = join(registry, name);
  await rm(next, { recursive: true, force: true });
  await writeFiles(next, files);
  try {
    if (existsSync(installed)) await rename(installed, former);
    await rename(next, installed);
  } catch (error) {
    if (!existsSync(installed) && existsSync(former)) await rename(former, installed);
    throw explainWrite(installed, error);
  }
  await rm(former, { recursive: true, force: true });
}

/** Holds the versions of a model for this process, and first mends what an interrupted one has left. */
async function exclusively<Result>(registry: string, name: string, work: () => Promise<Result>): Promise<Result> {
  const unlock = await lockFolder(versionsFolder(registry, name));
  try {
    const { former } = asides(registry, name);
    const installed = join(registry, name);
    if (existsSync(former) && !existsSync(installed)) await rename(former, installed);
    await rm(former, { recursive: true, force: true });
    return await work();
  } finally {
    await unlock();
  }
}

function asides(registry: string, name: string): { readonly next: string; readonly former: string } {
  const folder = versionsFolder(registry, name);
  return { next: join(folder, '.next'), former: join(folder, '.former') };
}

async function writeFiles(folder: string, files: ModelFiles): Promise<void> {
  for (const [file, bytes] of files) await writeFileAtomic(join(folder, file), bytes);
}

function noSuchVersion(name: string, to: number | undefined, versions: readonly ModelVersion[]): TextRecognizerError {
  const kept = versions.map(({ version }) => version).join(', ') || 'none';
  const what = to === undefined ? `no earlier version; choose a version with --to` : `no version ${to}`;
  return new TextRecognizerError('INVALID_ARGUMENT', `${name} has ${what}. Versions that are kept: ${kept}.`);
}

/** A damaged model is none of the versions, and is not worth keeping. */
function ignoreDamage(error: unknown): undefined {
  if (error instanceof TextRecognizerError) return undefined;
  throw error;
}

/** Paths within a model have slashes on every system. */
const toName = (path: string): string => path.replaceAll('\\', '/');
