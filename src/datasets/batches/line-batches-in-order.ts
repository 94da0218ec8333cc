import { Random } from '../../random/random.ts';
import { fullLineBatchShape, groupByWidth, type LineBatchShape, linesPerBatch } from './line-batch-plan.ts';
import type { LineDataset } from '../lines/line-dataset.ts';
import { squeezeLine, writeLine } from '../synthesis/write-line.ts';

/** A batch for evaluation. */
export interface OrderedLineBatch {
  /** Width in pixels, a multiple of the shape's `widthStep`. */
  readonly width: number;
  /** `[batch, height, width]`, uint8, white ink on black; rows after the last line are black, so that every width is one shape. */
  readonly images: Uint8Array;
  /** Lines of the dataset, at most as many as the batch has rows. */
  readonly indices: readonly number[];
  /** Width in pixels of each of those lines. */
  readonly widths: readonly number[];
}

/** Every line of `dataset` once, grouped by width, the widest first; lines drawn on demand are drawn the same way each time. */
export function* lineBatchesInOrder(dataset: LineDataset, shape: LineBatchShape): Generator<OrderedLineBatch> {
  const full = fullLineBatchShape(shape);
  const { height, length } = dataset;
  const lineWidths = Array.from({ length }, (_, index) => dataset.width(index));
  for (const { width, members } of groupByWidth(lineWidths, full)) {
    const size = height * width;
    const images = new Uint8Array(linesPerBatch(width, full) * size);
    const widths = members.map((index, row) => {
      const line = squeezeLine(dataset.image(index, Random.of(0, index)), width);
      writeLine(line, width, images.subarray(row * size, (row + 1) * size));
      return line.width;
    });
    yield { width, images, indices: members, widths };
  }
}
