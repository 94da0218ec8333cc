import { add, multiply } from '../../graph/elementwise.ts';
import { countCorrect, oneHot, softCrossEntropy, softmaxCrossEntropy } from '../../graph/loss.ts';
import { input, type Value } from '../../graph/value.ts';
import { imageInput } from '../../networks/image-input.ts';
import type { Network } from '../../networks/network.ts';
import type { LossBuilder } from '../../training/training-graph.ts';
import { teachersSay, type Teaching } from '../teaching.ts';

export interface CharacterLossOptions {
  readonly batchSize: number;
  readonly height: number;
  readonly width: number;
  readonly labelSmoothing?: number;
  readonly teaching?: Teaching;
}

/** What a network learns from `images` and `labels` `[batch]`: cross-entropy with the labels and what teachers say. */
export function characterLoss(
  network: Network,
  { batchSize, height, width, labelSmoothing = 0, teaching }: CharacterLossOptions,
): LossBuilder {
  return (context) => {
    const { images } = imageInput(batchSize, height, width);
    const labels = input('labels', 'int32', [batchSize]);
    const logits = network.build(context, images);
    const loss = teaching
      ? softCrossEntropy(logits, taughtTargets(images, labels, network.config.classes as number, teaching))
      : softmaxCrossEntropy(logits, labels, labelSmoothing);
    return { loss, metrics: { correct: countCorrect(logits, labels) } };
  };
}

/** What a network is to say of the images: `[batch, classes]`, (1 − weight) for the label and weight for the teachers. */
export function taughtTargets(images: Value, labels: Value, classes: number, teaching: Teaching): Value {
  const { weight } = teaching;
  return add(multiply(oneHot(labels, classes), 1 - weight), multiply(teachersSay(images, teaching), weight));
}
