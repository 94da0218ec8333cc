import { createHash } from 'node:crypto';
import { appendFile, readFile, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { claimRun, commitRun, readHead, type RunLogEntry, type RunLogHead, type StoredFile } from './run-log.ts';
import type { RunStore } from './run-store.ts';

/** What a process prints, which it may have begun with before the earlier files come. */
const logFile = 'log.txt';

/** A run that this process has taken over from a store, with its files in a folder here. */
export class ClaimedRun {
  readonly #store: RunStore;
  readonly #folder: string;
  #head: RunLogHead;
  /** Files as they were when they were stored: size and time. */
  #stored: Map<string, string> = new Map();

  private constructor(store: RunStore, folder: string, head: RunLogHead) {
    this.#store = store;
    this.#folder = folder;
    this.#head = head;
  }

  /** Takes a run over and fetches its files; undefined where it is finished. See `claimRun`. */
  static async take(
    store: RunStore,
    folder: string,
    { by, retries }: { readonly by: string; readonly retries: number },
  ): Promise<ClaimedRun | undefined> {
    const head = await claimRun(store, by, retries);
    if (!head) return undefined;
    const run = new ClaimedRun(store, folder, head);
    await fetchFiles(store, head.files, folder);
    for (const path of Object.keys(head.files)) run.#stored.set(path, await stateOf(join(folder, path)));
    // Of attempts that were lost, or cut off, while they saved.
    const known = new Set(Object.values(head.files).map(({ blob }) => blob));
    const others = (await store.list('files/')).filter((blob) => !known.has(blob));
    await store.remove(others.filter((blob) => numberOf(blob) <= head.number));
    return run;
  }

  /** The fencing token. */
  get attempt(): number {
    return this.#head.attempt;
  }

  /** Stores what has changed in the folder. Throws RUN_TAKEN_OVER, with nothing changed, where another attempt has the run now. */
  async save(state: 'saved' | 'finished'): Promise<void> {
    const before = this.#head;
    const files: Record<string, StoredFile> = {};
    const stored = new Map<string, string>();
    for (const path of await pathsIn(this.#folder)) {
      const now = await stateOf(join(this.#folder, path));
      const isSame = this.#stored.get(path) === now && path in before.files;
      files[path] = isSame ? before.files[path] : await this.#storeFile(path);
      stored.set(path, now);
    }
    this.#head = await commitRun(this.#store, before, state, files);
    this.#stored = stored;
    const kept = new Set(Object.values(files).map(({ blob }) => blob));
    const replaced = Object.values(before.files).filter(({ blob }) => !kept.has(blob));
    await this.#store.remove(replaced.map(({ blob }) => blob));
  }

  /** A blob has a name that none had before: nothing that somebody else reads or has written is ever written over. */
  async #storeFile(path: string): Promise<StoredFile> {
    const content = await readFile(join(this.#folder, path));
    const blob = `files/${String(this.#head.number + 1).padStart(8, '0')}/${path}`;
    await this.#store.write(blob, content);
    return { blob, bytes: content.length, sha256: sha256(content) };
  }
}

/**
 * Brings a folder up to what a run's store has, without files that `skip` names; undefined where nobody has begun the run. Files that are in
 * the folder only stay.
 */
export async function fetchRun(
  store: RunStore,
  folder: string,
  skip: (path: string) => boolean = () => false,
): Promise<RunLogEntry | undefined> {
  for (;;) {
    const head = await readHead(store);
    if (!head) return undefined;
    const wanted = Object.entries(head.files).filter(([path]) => !skip(path));
    try {
      await fetchFiles(store, Object.fromEntries(wanted), folder, true);
      return head;
    } catch (error) {
      // What it began to fetch may have been replaced in the meantime.
      if ((await readHead(store))?.number === head.number) throw error;
    }
  }
}

async function fetchFiles(
  store: RunStore,
  files: RunLogEntry['files'],
  folder: string,
  replace = false,
): Promise<void> {
  for (const [path, { blob, sha256: digest }] of Object.entries(files)) {
    const target = join(folder, path);
    const there = await readFile(target).catch(() => undefined);
    if (there && sha256(there) === digest) continue;
    const content = await store.read(blob);
    if (!content || sha256(content) !== digest) {
      throw new TextRecognizerError(
        'FILE_CORRUPT',
        `${blob} of the run's store is ${content ? 'not as it was written' : 'missing'}: restore it, or remove the run from the store to begin again.`,
      );
    }
    if (path === logFile && !replace) await appendFile(target, content);
    else await writeFileAtomic(target, content);
  }
}

async function pathsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !/(^in-use\.lock|\.tmp)$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

async function stateOf(path: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path);
  return `${size} ${mtimeMs} ${ino}`;
}

function numberOf(blob: string): number {
  return Number(/^files\/(\d+)\//.exec(blob)?.[1]);
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
