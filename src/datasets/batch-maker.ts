import { batchPlace, type BatchPlan } from './batch-plan.ts';
import type { BatchSlot } from './batch-ring.ts';
import type { Dataset } from './dataset.ts';
import { epochOrder } from './epoch-order.ts';

/** All that decides the content of the batches. */
export interface BatchRecipe extends BatchPlan {
  readonly seed: number;
  readonly shuffle: boolean;
  readonly weights?: ArrayLike<number>;
}

/** Makes batches by number: the same number gives the same bytes, in any order and on any thread. */
export class BatchMaker {
  readonly #dataset: Dataset;
  readonly #recipe: BatchRecipe;
  #epoch = NaN;
  #order: Uint32Array = new Uint32Array(0);

  constructor(dataset: Dataset, recipe: BatchRecipe) {
    this.#dataset = dataset;
    this.#recipe = recipe;
  }

  /** Fills `slot` with batch number `serial` of the plan. */
  fill(slot: BatchSlot, serial: number): void {
    const { epoch, start, count } = batchPlace(this.#recipe, serial);
    const items = this.#orderOf(epoch).subarray(start, start + count);
    slot.indices.set(items);
    for (let i = 0; i < count; i++) slot.labels[i] = this.#dataset.labels[items[i]];
    this.#dataset.read(items, slot.images);
  }

  #orderOf(epoch: number): Uint32Array {
    if (epoch !== this.#epoch) {
      this.#order = epochOrder(this.#dataset.length, { ...this.#recipe, epoch });
      this.#epoch = epoch;
    }
    return this.#order;
  }
}
