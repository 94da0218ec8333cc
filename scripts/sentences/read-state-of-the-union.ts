import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The State of the Union addresses: one text file each, a paragraph a line or no line breaks at all. */
export function* readStateOfTheUnion(folder: string): Iterable<string> {
  const data = join(folder, 'package', 'data');
  for (const file of readdirSync(data).sort()) {
    if (file.endsWith('.txt')) yield* readFileSync(join(data, file), 'utf8').split('\n');
  }
}
