import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The chapters of Moby Dick: a text file each, its paragraphs divided by empty lines or on one line. */
export function* readMobyDick(folder: string): Iterable<string> {
  const data = join(folder, 'package', 'data');
  for (const file of readdirSync(data).sort()) {
    if (!file.endsWith('.txt')) continue;
    for (const paragraph of readFileSync(join(data, file), 'utf8').split(/\n\s*\n/u))
      yield paragraph.replaceAll('\n', ' ');
  }
}
