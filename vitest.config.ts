import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/support/longest-first.ts';

const shared = { pool: 'forks', testTimeout: 120_000, hookTimeout: 120_000 } as const;

export default defineConfig({
  // `text-recognizer` is the sources.
  ssr: { resolve: { conditions: ['text-recognizer-source'] } },
  test: {
    // One for each core; vitest would leave one core idle.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    projects: [
      // Tests beside their sources share processes, which saves loading everything for each file again.
      { extends: true, test: { ...shared, name: 'src', include: ['src/**/*.test.ts'], isolate: false } },
      {
        extends: true,
        test: {
          ...shared,
          name: 'tests',
          include: ['tests/**/*.test.ts'],
          globalSetup: 'tests/support/compile-sources.ts',
        },
      },
    ],
  },
});
