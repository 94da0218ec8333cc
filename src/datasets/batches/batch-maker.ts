import { augmentCharacter, type AugmentCharacterOptions } from '../../images/augment-character.ts';
import { Random } from '../../random/random.ts';
import { batchPlace, type BatchPlan } from './batch-plan.ts';
import type { BatchSlot } from './batch-loader.ts';
import type { Dataset } from '../dataset.ts';
import { epochOrder } from './epoch-order.ts';

/** All that decides the content of the batches. */
export interface BatchRecipe extends BatchPlan {
  readonly seed: number;
  readonly shuffle: boolean;
  readonly weights?: ArrayLike<number>;
  readonly augment?: AugmentCharacterOptions;
}

/** Makes batches by number: the same number gives the same bytes, in any order and on any thread. */
export class BatchMaker {
  readonly #dataset: Dataset;
  readonly #recipe: BatchRecipe;
  /** One image before it is changed. */
  readonly #original: Uint8Array;
  #epoch = NaN;
  #order: Uint32Array = new Uint32Array(0);

  constructor(dataset: Dataset, recipe: BatchRecipe) {
    this.#dataset = dataset;
    this.#recipe = recipe;
    this.#original = new Uint8Array(dataset.height * dataset.width);
  }

  /** Fills `slot` with batch number `serial` of the plan. */
  fill(slot: BatchSlot, serial: number): void {
    const { epoch, start, count } = batchPlace(this.#recipe, serial);
    const items = this.#orderOf(epoch).subarray(start, start + count);
    slot.indices.set(items);
    for (let i = 0; i < count; i++) slot.labels[i] = this.#dataset.labels[items[i]];
    this.#dataset.read(items, slot.images);
    if (this.#recipe.augment) this.#augment(slot.images, epoch, start, count);
  }

  /** Every place in every epoch has its own random numbers, so the result does not depend on who makes it, or when. */
  #augment(images: Uint8Array, epoch: number, start: number, count: number): void {
    const { height, width } = this.#dataset;
    const { seed, augment } = this.#recipe;
    for (let i = 0; i < count; i++) {
      const image = images.subarray(i * height * width, (i + 1) * height * width);
      this.#original.set(image);
      augmentCharacter(this.#original, image, width, height, Random.of(seed, epoch, start + i, augmentStream), augment);
    }
  }

  #orderOf(epoch: number): Uint32Array {
    if (epoch !== this.#epoch) {
      this.#order = epochOrder(this.#dataset.length, { ...this.#recipe, epoch });
      this.#epoch = epoch;
    }
    return this.#order;
  }
}

const augmentStream = 0x61756767;
