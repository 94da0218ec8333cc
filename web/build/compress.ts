import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** What shrinks; weights do not. */
const SHRINKS = /\.(?:html|js|css|json|wasm|bin)$/;

/** Lays a `.gz` beside each file that shrinks, so that no server has to compress 14 MB of WebAssembly while it serves. */
export function compress(): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    async writeBundle({ dir = '.' }, bundle) {
      const files = Object.keys(bundle).filter((name) => SHRINKS.test(name));
      await Promise.all(files.map((name) => writeCompressed(join(dir, name))));
    },
  };
}

async function writeCompressed(path: string): Promise<void> {
  await writeFile(`${path}.gz`, await promisify(gzip)(await readFile(path), { level: 9 }));
}
