import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The prose of the CIA World Factbook: every text of 100 characters or more that has no colon-and-number tables. */
export function* readFactbook(folder: string): Iterable<string> {
  const root = join(folder, 'package');
  for (const region of readdirSync(root).sort()) {
    if (!statSync(join(root, region)).isDirectory()) continue;
    for (const file of readdirSync(join(root, region)).sort()) {
      if (file.endsWith('.json')) yield* textsOf(JSON.parse(readFileSync(join(root, region, file), 'utf8')));
    }
  }
}

function* textsOf(node: unknown): Iterable<string> {
  if (typeof node === 'string' && node.length >= 100) yield* node.split(/\+\+|\n|<[^>]*>/u);
  if (typeof node !== 'object' || node === null) return;
  for (const child of Object.values(node)) yield* textsOf(child);
}
