import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { TextRecognizerError } from '../../errors.ts';
import { findRunFolders } from './find-run-folders.ts';
import { loadIndexFile, saveIndexFile } from './index-file.ts';
import { readRunSummary, runSignature } from './read-run-summary.ts';
import type { RunSummary } from './run-summary.ts';

/** How many folders are looked at before others have their turn. */
const FOLDERS_AT_ONCE = 100;

/**
 * All runs below a folder. The folders are the truth; `.index.sqlite` in the root only saves reading those that have not changed, and may be
 * deleted at any time.
 */
export class RunIndex {
  readonly root: string;
  readonly #file: string;
  readonly #runs: Map<string, RunSummary>;
  #sorted: readonly RunSummary[] | undefined;
  /** Grows whenever a run has changed. */
  version = 0;

  private constructor(root: string, file: string, runs: readonly RunSummary[]) {
    this.root = root;
    this.#file = file;
    this.#runs = new Map(runs.map((run) => [run.id, run]));
  }

  /** As the index was saved; `refresh` brings it up to date. Throws FILE_NOT_FOUND where the root is not a folder. */
  static async open(root: string): Promise<RunIndex> {
    if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
      throw new TextRecognizerError(
        'FILE_NOT_FOUND',
        `There is no folder of runs '${root}': train something first, or name it with --root.`,
      );
    }
    const file = join(root, '.index.sqlite');
    return new RunIndex(root, file, await loadIndexFile(file));
  }

  /** In the order of their ids. */
  get runs(): readonly RunSummary[] {
    this.#sorted ??= [...this.#runs.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return this.#sorted;
  }

  /** Throws FILE_NOT_FOUND for an id that is none; a path of a run's folder will do, too. */
  run(id: string): RunSummary {
    const name = id.replaceAll('\\', '/').replace(/\/+$/, '');
    const root = `${this.root.replaceAll('\\', '/').replace(/\/+$/, '')}/`;
    const run = this.#runs.get(name) ?? this.#runs.get(name.startsWith(root) ? name.slice(root.length) : name);
    if (run) return run;
    throw new TextRecognizerError(
      'FILE_NOT_FOUND',
      `There is no run '${id}' in ${this.root}; list all runs with: experiments list.`,
    );
  }

  /** Reads what has changed in the folders since, and saves it. */
  async refresh(): Promise<void> {
    const changed: RunSummary[] = [];
    const gone = new Set(this.#runs.keys());
    let looked = 0;
    for (const id of findRunFolders(this.root)) {
      gone.delete(id);
      const run = await this.#readIfChanged(id);
      if (run) changed.push(run);
      looked++;
      if (looked % FOLDERS_AT_ONCE === 0) await setImmediate();
    }
    for (const run of changed) this.#runs.set(run.id, run);
    for (const id of gone) this.#runs.delete(id);
    if (changed.length === 0 && gone.size === 0) return;
    this.version++;
    this.#sorted = undefined;
    // Runs of others may be looked at where nothing may be written.
    await saveIndexFile(this.#file, changed, [...gone]).catch(() => undefined);
  }

  async #readIfChanged(id: string): Promise<RunSummary | undefined> {
    const before = this.#runs.get(id);
    const isSame = before?.signature === runSignature(join(this.root, id), before?.record?.stages ?? []);
    // A process that was killed changes no file.
    if (isSame && before?.state !== 'running') return undefined;
    const run = await readRunSummary(this.root, id, before);
    return isSame && run.state === before?.state ? undefined : run;
  }
}

/** The index of a folder of runs, up to date. */
export async function openRunIndex(root: string): Promise<RunIndex> {
  const index = await RunIndex.open(root);
  await index.refresh();
  return index;
}
