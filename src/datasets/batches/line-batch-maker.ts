import type { GrayImage } from '../../images/gray-image.ts';
import { augmentLine } from '../../images/augment-line.ts';
import { resize } from '../../images/resize.ts';
import { labelsPerLine } from './line-batch-plan.ts';
import type { LineBatchSlot } from './line-batch-slot.ts';
import { writeLine } from '../synthesis/write-line.ts';
import type { LineSampler, PlannedLine, WeightedLines } from './line-sampler.ts';

/** Makes batches of lines by step: the same step gives the same bytes, in any order and on any thread. */
export class LineBatchMaker {
  readonly #sets: readonly WeightedLines[];
  readonly #sampler: LineSampler;

  constructor(sets: readonly WeightedLines[], sampler: LineSampler) {
    this.#sets = sets;
    this.#sampler = sampler;
  }

  /** Draws the lines of `step` and writes them into `slot`, each at the left of its row of pixels. */
  fill(slot: LineBatchSlot, step: number): void {
    const { width, lines } = this.#sampler.plan(step);
    const { height } = this.#sets[0].lines.dataset;
    const places = labelsPerLine(width, this.#sampler.shape);
    slot.shape.set([width, lines.length]);
    lines.forEach((line, row) => {
      const { lines: labelled } = this.#sets[line.set];
      const index = labelled.indices[line.place];
      const image = this.#draw(line, index, width);
      writeLine(image, width, slot.images.subarray(row * height * width, (row + 1) * height * width));

      const classes = this.#sampler.classes(line);
      slot.labels.fill(0, row * places, (row + 1) * places);
      slot.labels.set(classes, row * places);
      slot.labelLengths[row] = classes.length;
      slot.widths[row] = image.width;
      slot.sets[row] = line.set;
      slot.indices[row] = index;
    });
  }

  /** A line at `index` of its dataset, stretched as planned, at most `mostWidth` wide, and changed at random if that is asked for. */
  #draw(line: PlannedLine, index: number, mostWidth: number): GrayImage {
    const { lines, augment = this.#sampler.augment } = this.#sets[line.set];
    const random = this.#sampler.chances(line);
    const image = lines.dataset.image(index, random);
    const width = Math.max(1, Math.min(mostWidth, Math.round(image.width * line.stretch)));
    if (augment) return augmentLine(image, width, random, augment);
    return resize(image, width, image.height);
  }
}
