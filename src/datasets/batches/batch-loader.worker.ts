import { openDatasetSource } from '../sources/open-dataset-source.ts';
import type { BatchSlot, BatchWorkerData } from './batch-loader.ts';
import { BatchMaker } from './batch-maker.ts';
import { fillRing } from './fill-ring.ts';

await fillRing<BatchSlot, BatchWorkerData>(async ({ source, recipe }) => {
  const maker = new BatchMaker(await openDatasetSource(source), recipe);
  return (slot, serial) => maker.fill(slot, serial);
});
