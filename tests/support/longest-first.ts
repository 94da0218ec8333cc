import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests beside their sources that take longest. */
const long = ['adapt-line-model', 'drill', 'hand', 'recognizer-pool', 'hostile-clients'];

/**
 * Starts the tests that take longest first, so that none of them runs alone at the end: those that start processes, then the `long` ones.
 * vitest remembers durations, and orders the others by them, only where it has run before.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ project, moduleId }: TestSpecification): number {
  if (project.name === 'tests') return 0;
  return long.some((name) => moduleId.endsWith(`/${name}.test.ts`)) ? 1 : 2;
}
