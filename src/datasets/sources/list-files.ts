import { readdir } from 'node:fs/promises';
import { sep } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { isHidden } from './bad-files.ts';

/** Paths of all files in `folder` and below, relative to it, with `/`, sorted; without hidden ones. Throws FILE_NOT_FOUND. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new TextRecognizerError('FILE_NOT_FOUND', `There is no folder ${folder} with pages.`, { cause });
  });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => `${parentPath}${sep}${name}`.slice(folder.replace(/[\\/]+$/u, '').length + 1))
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !path.split('/').some((part) => isHidden(part)))
    .sort();
}

/** Whether a file's name is that of a picture which can be decoded. */
export function isPicture(path: string): boolean {
  return /\.(?:avif|bmp|gif|hei[cf]|jpe?g|png|tiff?|webp)$/iu.test(path);
}

/** A path without the extension of its last part. */
export function withoutExtension(path: string): string {
  return path.replace(/\.[^./\\]+$/u, '');
}
