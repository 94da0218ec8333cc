import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import type { Plugin } from 'vite';
import type { Shell } from '../src/offline/shell.ts';

/** Files that are fetched only when reading on the device is chosen, that only rules for what is read need, or that are not the page's. */
const isLater = (name: string) =>
  /\.(?:wasm|bin)$/u.test(name) ||
  /\/(?:text-constraint|pattern-states|allowed-characters|prefer-words)-/u.test(name) ||
  name.startsWith('models/');

/**
 * Tells the service worker which files make up the page: `self.shell`, with a version that changes with any of them,
 * so that a browser replaces the page as a whole.
 */
export function precache(publicFolder: string): Plugin {
  return {
    name: 'precache',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_, bundle) {
      const worker = bundle['service-worker.js'];
      if (worker?.type !== 'chunk') throw new Error('The build made no service-worker.js.');
      const hash = createHash('sha256').update(worker.code);
      const files = ['./', ...(await readdir(publicFolder))];
      for (const [name, output] of Object.entries(bundle)) {
        if (output === worker || isLater(name)) continue;
        hash.update(name).update(output.type === 'chunk' ? output.code : output.source);
        if (name !== 'index.html') files.push(name);
      }
      const shell: Shell = { version: hash.digest('hex').slice(0, 16), files };
      worker.code = `self.shell = ${JSON.stringify(shell)};\n${worker.code}`;
    },
  };
}
