import { LineBatchLoader, type LineBatch, type LineBatchLoaderOptions } from '../datasets/lines/line-batch-loader.ts';
import type { LineLoaderSet } from '../datasets/lines/line-batch-loader.ts';
import type { LineNetwork } from '../networks/line-network.ts';
import type { Tensor } from '../runtime/tensor.ts';
import type { BatchSource, TrainingBatch } from '../training/trainer.ts';

export interface LineBatchOptions extends Omit<LineBatchLoaderOptions, 'startStep' | 'steps'> {
  /** Sets are sampled by weight, so an epoch is as long as one says. */
  readonly stepsPerEpoch: number;
}

/** The names of the inputs that the CTC loss takes beside `images`. */
export const labelsInput = 'labels';
export const labelLengthsInput = 'labelLengths';
export const inputLengthsInput = 'inputLengths';

/**
 * Batches of lines for training with CTC: `images` `[batch, height, width]`, `labels` `[batch, maxLabel]`, `labelLengths` and
 * `inputLengths` `[batch]`; their shape is named `BATCH×WIDTH×MAXLABEL`.
 */
export function lineBatches(
  sets: readonly LineLoaderSet[],
  network: LineNetwork,
  { stepsPerEpoch, ...options }: LineBatchOptions,
): BatchSource {
  return {
    stepsPerEpoch,
    batches: (epoch, startBatch, lastEpoch) => {
      const startStep = (epoch - 1) * stepsPerEpoch + startBatch;
      const steps = lastEpoch * stepsPerEpoch - startStep;
      return stream(LineBatchLoader.open(sets, { ...options, startStep, steps }), network);
    },
  };
}

/** The sizes of a batch, by its name. */
export function parseBatchShape(shape: string): { batch: number; width: number; maxLabel: number } {
  const [batch, width, maxLabel] = shape.split('×').map(Number);
  return { batch, width, maxLabel };
}

async function* stream(loader: LineBatchLoader, network: LineNetwork): AsyncGenerator<TrainingBatch> {
  const copies = new Map<string, Record<string, Tensor>>();
  for await (const batch of loader) {
    const shape = [batch.widths.length, batch.width, batch.maxLabel].join('×');
    const inputs = copies.get(shape) ?? allocate(batch, loader.height);
    copies.set(shape, inputs);
    fill(inputs, batch, network);
    yield { inputs, shape, items: batch.widths.length, waitSeconds: batch.waitSeconds };
  }
}

/** ONNX Runtime does not take shared memory, so a batch is copied once more. */
function allocate({ width, maxLabel, widths: { length } }: LineBatch, height: number): Record<string, Tensor> {
  return {
    images: { data: new Uint8Array(length * height * width), shape: [length, height, width] },
    [labelsInput]: { data: new Int32Array(length * maxLabel), shape: [length, maxLabel] },
    [labelLengthsInput]: { data: new Int32Array(length), shape: [length] },
    [inputLengthsInput]: { data: new Int32Array(length), shape: [length] },
  };
}

function fill(inputs: Record<string, Tensor>, batch: LineBatch, network: LineNetwork): void {
  (inputs.images.data as Uint8Array).set(batch.images);
  (inputs[labelsInput].data as Int32Array).set(batch.labels);
  (inputs[labelLengthsInput].data as Int32Array).set(batch.labelLengths);
  const most = network.steps(batch.width);
  (inputs[inputLengthsInput].data as Int32Array).set(
    batch.widths.map((width) => Math.min(most, Math.max(1, network.steps(width)))),
  );
}
