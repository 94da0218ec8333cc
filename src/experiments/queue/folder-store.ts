import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { createFileAtomic, writeFileAtomic } from '../../files/write-file-atomic.ts';
import type { RunStore } from './run-store.ts';

/** A folder, on one machine or on a disk that several share; its file system must have hard links. */
export class FolderStore implements RunStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.#root, name));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw unavailable(join(this.#root, name), error);
    }
  }

  async write(name: string, content: Uint8Array): Promise<void> {
    await writeFileAtomic(join(this.#root, name), content);
  }

  async create(name: string, content: Uint8Array): Promise<boolean> {
    return await createFileAtomic(join(this.#root, name), content);
  }

  async list(prefix: string): Promise<string[]> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    try {
      const entries = await readdir(join(this.#root, folder), { recursive: true, withFileTypes: true });
      const within = join(this.#root, folder);
      return entries
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'))
        .map(
          (entry) =>
            folder +
            join(entry.parentPath, entry.name)
              .slice(within.length)
              .replace(/^[/\\]/, ''),
        )
        .map((name) => name.replaceAll('\\', '/'))
        .filter((name) => name.startsWith(prefix));
    } catch (error) {
      if (isMissing(error)) return [];
      throw unavailable(join(this.#root, folder), error);
    }
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) await rm(join(this.#root, name), { force: true });
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function unavailable(path: string, error: unknown): TextRecognizerError {
  return new TextRecognizerError(
    'STORE_UNAVAILABLE',
    `${path} cannot be read: ${(error as Error).message}. Check that the shared folder is mounted and readable here.`,
    { cause: error },
  );
}
