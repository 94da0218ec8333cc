import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'vite';
import { contentSecurity } from './content-security.ts';

/** A page in a folder of `web/` that a server of this project serves; while it is developed, the server at `target` answers `api`. */
export function servedPage(folder: string, api: string, target: string): UserConfig {
  return {
    root: fileURLToPath(new URL(`../${folder}`, import.meta.url)),
    base: './',
    publicDir: false,
    build: {
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
    server: { proxy: { [api]: target } },
    plugins: [contentSecurity()],
  };
}
