import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { compress } from './build/compress.ts';
import { contentSecurity } from './build/content-security.ts';
import { copyModels } from './build/copy-models.ts';
import { precache } from './build/precache.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const sizeOf = (file: string) => JSON.stringify(statSync(here(file)).size);
const runtime = 'node_modules/onnxruntime-web/dist';

export default defineConfig({
  root: here('.'),
  // The page may stand under any path, on this project's server or on any host of static files.
  base: './',
  publicDir: 'public',
  define: {
    // So that a download shows its progress even where the server compresses.
    WASM_BYTES: sizeOf(`${runtime}/ort-wasm-simd-threaded.wasm`),
    GPU_WASM_BYTES: sizeOf(`${runtime}/ort-wasm-simd-threaded.asyncify.wasm`),
    LANGUAGE_MODEL_BYTES: sizeOf('../models/language-model/language-model.bin'),
  },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Vite would compress everything only to tell the size.
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1024,
    rolldownOptions: {
      input: { page: here('index.html'), 'service-worker': here('src/offline/service-worker.ts') },
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: { proxy: { '/v1': 'http://localhost:8000' } },
  plugins: [contentSecurity(), copyModels(here('../models')), precache(here('public')), compress()],
});
