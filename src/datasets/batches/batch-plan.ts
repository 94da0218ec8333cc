import { type BatchShare, itemsOfShare } from './batch-share.ts';

/** Which batches a loader makes, in terms of items per epoch. */
export interface BatchPlan {
  readonly itemsPerEpoch: number;
  readonly batchSize: number;
  readonly dropLast: boolean;
  /** The first epoch, and the batch in it where the loader begins, from 0. */
  readonly epoch: number;
  readonly startBatch: number;
  /** Epochs until the loader ends, the first one included; may be Infinity. */
  readonly epochs: number;
  /** Default all of each batch. */
  readonly share?: BatchShare;
}

/** Where a batch stands: `count` positions of the order of `epoch`, from position `start`. */
export interface BatchPlace {
  readonly epoch: number;
  /** The batch's number in its epoch, from 0. */
  readonly index: number;
  readonly start: number;
  readonly count: number;
}

/** Batches in every epoch. */
export function batchesPerEpoch({ itemsPerEpoch, batchSize, dropLast }: BatchPlan): number {
  return dropLast ? Math.floor(itemsPerEpoch / batchSize) : Math.ceil(itemsPerEpoch / batchSize);
}

/** Batches in the whole plan. */
export function totalBatches(plan: BatchPlan): number {
  return plan.epochs * batchesPerEpoch(plan) - plan.startBatch;
}

/** The place of the plan's batch number `serial`, counted from 0 where the loader begins. */
export function batchPlace(plan: BatchPlan, serial: number): BatchPlace {
  const perEpoch = batchesPerEpoch(plan);
  const number = plan.startBatch + serial;
  const index = number % perEpoch;
  const start = index * plan.batchSize;
  const share = itemsOfShare(Math.min(plan.batchSize, plan.itemsPerEpoch - start), plan.share);
  return {
    epoch: plan.epoch + Math.floor(number / perEpoch),
    index,
    start: start + share.first,
    count: share.items,
  };
}
