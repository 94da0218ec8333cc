import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** All modules that `entry` loads, itself included, as they are named in the sources; types alone load nothing. */
function importsOf(entry: URL, seen = new Set<string>()): Set<string> {
  if (seen.has(entry.href)) return seen;
  seen.add(entry.href);
  for (const [, name] of readFileSync(entry, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm)) {
    if (name.startsWith('.')) importsOf(new URL(name, entry), seen);
    else seen.add(name);
  }
  return seen;
}

test.each([
  'character-stem.ts',
  'line-stem.ts',
  'gray-from-pixels.ts',
  'augment-character.ts',
  'augment-line.ts',
  '../reading/character-reader.ts',
  '../reading/find-content.ts',
  '../reading/line-reader.ts',
  '../reading/prepare-picture.ts',
  '../reading/read-pictures.ts',
  '../models/default-models.ts',
  '../models/line-calibration.ts',
])('%s runs in a browser: nothing of Node, no native code, no package', (name) => {
  const modules = [...importsOf(new URL(name, import.meta.url))];
  expect(modules.filter((module) => !module.startsWith('file:'))).toEqual([]);
});

test('a package would be found', () => {
  expect([...importsOf(new URL('../text/edit-distance.ts', import.meta.url))]).toContain('fastest-levenshtein');
});
