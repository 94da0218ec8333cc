import { ctcLoss } from '../graph/ctc-loss.ts';
import { softmaxCrossEntropy } from '../graph/loss.ts';
import { mean } from '../graph/reduce.ts';
import { input } from '../graph/value.ts';
import { imageInput } from '../networks/image-input.ts';
import type { LineNetwork } from '../networks/line-network.ts';
import type { LossBuilder } from '../training/training-graph.ts';
import { inputLengthsInput, labelLengthsInput, labelsInput, type LineBatchSize } from './line-batches.ts';

/**
 * What a network learns from a batch of that size: CTC where its time steps are places on the line; where they are positions of the
 * text, the mean cross-entropy over all positions, those after the text being blank (Sutskever et al. 2014 end it with a symbol).
 */
export function lineLoss(network: LineNetwork, { batch, width, maxLabel }: LineBatchSize): LossBuilder {
  return (context) => {
    const logits = network.build(context, imageInput(batch, network.height, width).images);
    const labels = input(labelsInput, 'int32', [batch, network.positions ?? maxLabel]);
    if (network.positions !== undefined) return { loss: softmaxCrossEntropy(logits, labels), metrics: {} };
    const labelLengths = input(labelLengthsInput, 'int32', [batch]);
    const inputLengths = input(inputLengthsInput, 'int32', [batch]);
    const losses = ctcLoss(logits, labels, inputLengths, labelLengths, { zeroInfinity: true });
    return { loss: mean(losses), metrics: {} };
  };
}
