import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/support/longest-first.ts';

const shared = {
  pool: 'forks',
  testTimeout: 120_000,
  hookTimeout: 120_000,
  env: {
    // Tests run side by side: more threads would wait for each other.
    TEXT_RECOGNIZER_THREADS: '1',
    // Processes that tests start find the sources parsed already, where Node can keep them (22.8 and later).
    NODE_COMPILE_CACHE: fileURLToPath(new URL('.compiled/cache', import.meta.url)),
  },
  globalSetup: 'tests/support/compile-sources.ts',
  alias: [
    {
      find: /^\.\/module-to-run\.ts$/,
      replacement: fileURLToPath(new URL('tests/support/compiled-module.ts', import.meta.url)),
    },
  ],
} as const;

export default defineConfig({
  // `text-recognizer` is the sources.
  ssr: { resolve: { conditions: ['text-recognizer-source'] } },
  test: {
    // One more than there are cores: tests of services and schedulers wait now and then.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    projects: [
      // Tests beside their sources share processes, which saves loading everything for each file again.
      { extends: true, test: { ...shared, name: 'src', include: ['src/**/*.test.ts'], isolate: false } },
      { extends: true, test: { ...shared, name: 'tests', include: ['tests/**/*.test.ts'] } },
    ],
  },
});
