import { openLineSource } from '../lines/open-line-source.ts';
import { fillRing } from './fill-ring.ts';
import type { LineBatchWorkerData } from './line-batch-loader.ts';
import { LineBatchMaker } from './line-batch-maker.ts';
import type { LineBatchSlot } from './line-batch-slot.ts';
import { LineSampler, type WeightedLines } from './line-sampler.ts';

await fillRing<LineBatchSlot, LineBatchWorkerData>(async ({ sets: sent, sampling, startStep }) => {
  const sets: WeightedLines[] = [];
  for (const { source, weight, augment, ...labelled } of sent) {
    sets.push({ lines: { ...labelled, dataset: await openLineSource(source) }, weight, augment });
  }
  const maker = new LineBatchMaker(sets, new LineSampler(sets, sampling));
  return (slot, serial) => maker.fill(slot, startStep + serial);
});
