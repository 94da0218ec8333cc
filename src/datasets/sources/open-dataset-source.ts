import { concat } from '../concat.ts';
import type { Dataset, DatasetSource } from '../dataset.ts';
import { memoryDataset } from '../memory-dataset.ts';
import { relabel } from '../relabel.ts';
import { openShards } from './shards.ts';
import { subset } from '../subset.ts';

/** Opens the dataset that `source` describes, on any thread. */
export async function openDatasetSource(source: DatasetSource): Promise<Dataset> {
  switch (source.kind) {
    case 'memory':
      return memoryDataset(source);
    case 'shards':
      // Whoever opened them first has verified them.
      return openShards(source.folder, { verify: 'never' });
    case 'subset':
      return subset(await openDatasetSource(source.base), source.indices, source.name);
    case 'concat':
      return concat(await Promise.all(source.parts.map(openDatasetSource)), source.name);
    case 'relabel':
      return relabel(await openDatasetSource(source.base), source.classes, source.table, source.name);
  }
}
