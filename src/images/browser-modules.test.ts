import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** All modules that `entry` imports, itself included, as they are named in the sources. */
function importsOf(entry: URL, seen = new Set<string>()): Set<string> {
  if (seen.has(entry.href)) return seen;
  seen.add(entry.href);
  for (const [, name] of readFileSync(entry, 'utf8').matchAll(/from '([^']+)'/g)) {
    if (name.startsWith('.')) importsOf(new URL(name, entry), seen);
    else seen.add(name);
  }
  return seen;
}

test.each(['character-stem.ts', 'line-stem.ts', 'gray-from-pixels.ts', 'augment-character.ts', 'augment-line.ts'])(
  '%s runs in a browser: nothing of Node, no native code, no package',
  (name) => {
    const modules = [...importsOf(new URL(name, import.meta.url))];
    expect(modules.length).toBeGreaterThan(1);
    expect(modules.filter((module) => !module.startsWith('file:'))).toEqual([]);
  },
);
