import { defineConfig } from 'vitest/config';

export default defineConfig({
  // `text-recognizer` is the sources.
  ssr: { resolve: { conditions: ['text-recognizer-source'] } },
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
