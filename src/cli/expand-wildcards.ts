import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Replaces paths with `*` or `?` in their last part by the files that match, in order of their names: Windows shells pass them as they
 * are. A path that exists is taken literally; one that matches nothing stays, so that it is reported where its files would be.
 */
export async function expandWildcards(paths: readonly string[]): Promise<string[]> {
  return (await Promise.all(paths.map(expand))).flat();
}

async function expand(path: string): Promise<string[]> {
  const pattern = basename(path);
  if (!hasWildcard(pattern) || existsSync(path)) return [path];
  const entries = await readdir(dirname(path), { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const found = names.filter((name) => matches(pattern, name)).toSorted();
  return found.length === 0 ? [path] : found.map((name) => join(dirname(path), name));
}

/** Whether a file name has characters that stand for others. */
function hasWildcard(name: string): boolean {
  return /[*?]/.test(name);
}

/** As in shells, hidden files match only a pattern that begins with a dot; Windows does not distinguish upper and lower case. */
function matches(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, process.platform === 'win32' ? 'isu' : 'su').test(name);
}
