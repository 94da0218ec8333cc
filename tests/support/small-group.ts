import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Group } from '../../src/experiments/search/group.ts';
import { readGroup } from '../../src/experiments/search/read-group.ts';
import { writeSmallSample } from './write-small-sample.ts';

/** Writes `group.json` into a folder, and its data: runs of a second each. */
export async function smallGroup(
  folder: string,
  { seeds, epochs }: { readonly seeds: readonly number[]; readonly epochs: number },
): Promise<Group> {
  const base = {
    name: 'small',
    network: { name: 'mlp', config: { hidden: [16] } },
    data: { train: [await writeSmallSample(folder, 24)], validationShare: 0.25 },
    training: {
      epochs,
      batchSize: 16,
      optimizer: { kind: 'adamw' },
      schedule: { kind: 'one-cycle', learningRate: 0.01 },
      augment: true,
    },
  };
  const search = { kind: 'grid', fields: { 'training.seed': seeds } };
  await writeFile(join(folder, 'group.json'), JSON.stringify({ name: 'small-group', base, search }));
  return await readGroup(join(folder, 'group.json'));
}
