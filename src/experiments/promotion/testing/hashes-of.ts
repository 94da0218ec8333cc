import { hashOf } from '../list-files.ts';
import { readFiles } from '../model-registry.ts';

/** The SHA-256 of each file of a folder, by its path: quicker to compare than the bytes. */
export async function hashesOf(folder: string): Promise<Record<string, string>> {
  const files = [...(await readFiles(folder))];
  return Object.fromEntries(files.map(([name, bytes]) => [name, hashOf(bytes)]));
}
