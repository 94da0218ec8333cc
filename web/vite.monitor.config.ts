import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { contentSecurity } from './build/content-security.ts';

/** The dashboard of a running service, at `/monitor/`. */
export default defineConfig({
  root: fileURLToPath(new URL('monitor', import.meta.url)),
  base: './',
  publicDir: false,
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/v1': 'http://localhost:8000' } },
  plugins: [contentSecurity()],
});
