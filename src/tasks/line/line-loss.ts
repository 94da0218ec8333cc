import { ctcLoss } from '../../graph/ctc-loss.ts';
import { add, multiply } from '../../graph/elementwise.ts';
import { softCrossEntropy, softmaxCrossEntropy } from '../../graph/loss.ts';
import { mean } from '../../graph/reduce.ts';
import { input, type Value } from '../../graph/value.ts';
import { imageInput } from '../../networks/image-input.ts';
import type { LineNetwork } from '../../networks/line-network.ts';
import type { LossBuilder } from '../../training/training-graph.ts';
import { teachersSay, type Teaching } from '../teaching.ts';
import { inputLengthsInput, labelLengthsInput, labelsInput, type LineBatchSize } from './line-batches.ts';

/**
 * What a network learns from a batch of that size: CTC where its time steps are places on the line; where they are positions of the
 * text, the mean cross-entropy over all positions, those after the text being blank (Sutskever et al. 2014 end it with a symbol).
 * Teachers, which need the same time steps, take the place of a share of it: the cross-entropy with what they say of each step,
 * summed over the steps where CTC is.
 */
export function lineLoss(network: LineNetwork, size: LineBatchSize, teaching?: Teaching): LossBuilder {
  return (context) => {
    const { images } = imageInput(size.batch, network.height, size.width);
    const logits = network.build(context, images);
    const loss = labelLoss(network, logits, size);
    if (!teaching) return { loss, metrics: {} };
    const steps = network.positions === undefined ? (logits.shape[1] as number) : 1;
    const taught = multiply(softCrossEntropy(logits, teachersSay(images, teaching)), steps * teaching.weight);
    return { loss: add(multiply(loss, 1 - teaching.weight), taught), metrics: {} };
  };
}

function labelLoss(network: LineNetwork, logits: Value, { batch, maxLabel }: LineBatchSize): Value {
  const labels = input(labelsInput, 'int32', [batch, network.positions ?? maxLabel]);
  if (network.positions !== undefined) return softmaxCrossEntropy(logits, labels);
  const labelLengths = input(labelLengthsInput, 'int32', [batch]);
  const inputLengths = input(inputLengthsInput, 'int32', [batch]);
  return mean(ctcLoss(logits, labels, inputLengths, labelLengths, { zeroInfinity: true }));
}
