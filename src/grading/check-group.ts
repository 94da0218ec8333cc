import { join } from 'node:path';
import { readGroup } from '../experiments/search/read-group.ts';
import type { Finding } from './grade-submission.ts';
import type { CheckOf } from './lab.ts';

/** Reads a group of experiments of the submission, and counts its runs; throws what `experiments run` would say of the file. */
export async function checkGroup({ file, runs }: CheckOf<'group'>, folder: string): Promise<Finding> {
  const group = await readGroup(join(folder, file));
  const found = group.runs.length;
  return { share: Math.min(1, found / runs), output: `${file} has ${found} runs, the lab asks for ${runs}` };
}
