import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { contentSecurity } from './build/content-security.ts';

/** The page of the command `dashboard`. */
export default defineConfig({
  root: fileURLToPath(new URL('dashboard', import.meta.url)),
  base: './',
  publicDir: false,
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': 'http://localhost:8100' } },
  plugins: [contentSecurity()],
});
