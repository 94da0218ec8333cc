import { itemsOfShare } from '../../datasets/batches/batch-share.ts';
import { fullLineBatchShape, linesPerBatch } from '../../datasets/batches/line-batch-plan.ts';
import { leftOutNotice } from '../../datasets/batches/labelled-lines.ts';
import {
  type LineBatch,
  type LineBatchLoaderOptions,
  type LineLoaderSet,
  loadLineBatches,
} from '../../datasets/batches/line-batch-loader.ts';
import { stepsOfLine } from '../../models/line-layout.ts';
import type { LineNetwork } from '../../networks/line-network.ts';
import type { Tensor } from '../../runtime/tensor.ts';
import { blankClass } from '../../text/alphabet.ts';
import type { BatchSource, TrainingBatch } from '../../training/trainer.ts';

export interface LineBatchOptions extends Omit<LineBatchLoaderOptions, 'startStep' | 'steps' | 'maxLength'> {
  /** Sets are sampled by weight, so an epoch is as long as one says. */
  readonly stepsPerEpoch: number;
  /** Is told which sets have lines that cannot be learned from. */
  readonly onNotice?: (message: string) => void;
}

/** The sizes of a batch. */
export interface LineBatchSize {
  readonly batch: number;
  /** In pixels. */
  readonly width: number;
  /** Places for labels per line. */
  readonly maxLabel: number;
}

/** The names of the inputs that the loss takes beside `images`; by position of the text it has no lengths. */
export const labelsInput = 'labels';
export const labelLengthsInput = 'labelLengths';
export const inputLengthsInput = 'inputLengths';

/**
 * Batches of lines for `lineLoss`: `images` `[batch, height, width]`, `labels` `[batch, maxLabel]` and, for CTC, `labelLengths` and
 * `inputLengths` `[batch]`; their shape is named `BATCH×WIDTH×MAXLABEL`. A network that reads by position has as many labels as
 * positions; lines with longer texts are left out.
 */
export function lineBatches(
  sets: readonly LineLoaderSet[],
  network: LineNetwork,
  { stepsPerEpoch, onNotice, ...options }: LineBatchOptions,
): BatchSource {
  return {
    stepsPerEpoch,
    batches: (epoch, startBatch, lastEpoch) => {
      const startStep = (epoch - 1) * stepsPerEpoch + startBatch;
      const steps = lastEpoch * stepsPerEpoch - startStep;
      const loaded = loadLineBatches(sets, { ...options, maxLength: network.positions, startStep, steps });
      for (const labelled of loaded.sets) {
        const notice = leftOutNotice(labelled);
        if (notice !== undefined) onNotice?.(notice);
      }
      const { shape, share } = options;
      const full = fullLineBatchShape(shape);
      return stream(loaded.batches, network, (width) => itemsOfShare(linesPerBatch(width, full), share).first);
    },
  };
}

/** The sizes of a batch, by its name. */
export function parseBatchShape(shape: string): LineBatchSize {
  const [batch, width, maxLabel] = shape.split('×').map(Number);
  return { batch, width, maxLabel };
}

async function* stream(
  batches: AsyncIterable<LineBatch>,
  network: LineNetwork,
  firstOf: (width: number) => number,
): AsyncGenerator<TrainingBatch> {
  const copies = new Map<string, Record<string, Tensor>>();
  for await (const batch of batches) {
    const size = { batch: batch.widths.length, width: batch.width, maxLabel: network.positions ?? batch.maxLabel };
    const shape = [size.batch, size.width, size.maxLabel].join('×');
    const inputs = copies.get(shape) ?? allocate(size, network);
    copies.set(shape, inputs);
    fill(inputs, batch, network);
    yield { inputs, shape, first: firstOf(batch.width), items: batch.widths.length, waitSeconds: batch.waitSeconds };
  }
}

/** ONNX Runtime does not take shared memory, so a batch is copied once more. */
function allocate(
  { batch, width, maxLabel }: LineBatchSize,
  { height, positions }: LineNetwork,
): Record<string, Tensor> {
  const inputs = {
    images: { data: new Uint8Array(batch * height * width), shape: [batch, height, width] },
    [labelsInput]: { data: new Int32Array(batch * maxLabel), shape: [batch, maxLabel] },
  };
  if (positions !== undefined) return inputs;
  return {
    ...inputs,
    [labelLengthsInput]: { data: new Int32Array(batch), shape: [batch] },
    [inputLengthsInput]: { data: new Int32Array(batch), shape: [batch] },
  };
}

function fill(inputs: Record<string, Tensor>, batch: LineBatch, network: LineNetwork): void {
  (inputs.images.data as Uint8Array).set(batch.images);
  const labels = inputs[labelsInput].data as Int32Array;
  if (network.positions !== undefined) return fillPositions(labels, batch, network.positions);
  labels.set(batch.labels);
  (inputs[labelLengthsInput].data as Int32Array).set(batch.labelLengths);
  // The steps that will be read of each line, so that nothing is read that was not learned.
  const most = network.steps(batch.width);
  const { stride = 1 } = network;
  (inputs[inputLengthsInput].data as Int32Array).set(
    batch.widths.map((width) => Math.min(most, stepsOfLine(width, stride))),
  );
}

/** The classes of each text at the first of its positions, the blank at all others. */
function fillPositions(target: Int32Array, { labels, labelLengths, maxLabel }: LineBatch, positions: number): void {
  target.fill(blankClass);
  labelLengths.forEach((length, line) =>
    target.set(labels.subarray(line * maxLabel, line * maxLabel + length), line * positions),
  );
}
