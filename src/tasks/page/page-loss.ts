import { sigmoid, softplus } from '../../graph/activation.ts';
import { absolute, add, divide, multiply, subtract } from '../../graph/elementwise.ts';
import { mean, sum } from '../../graph/reduce.ts';
import { slice } from '../../graph/slice.ts';
import { input, type Value } from '../../graph/value.ts';
import { imageInput } from '../../networks/image-input.ts';
import type { LayerContext } from '../../networks/layer-context.ts';
import type { Network } from '../../networks/network.ts';
import { pageChannels, pageStride } from '../../networks/page-network.ts';
import { targetChannels, targetCount } from '../../datasets/synthesis/pages/page-targets.ts';

/** The input of the loss beside `images`: `[batch, 5, size / 4, size / 4]`, see `drawTargets`. */
export const targetsInput = 'targets';

/** How much each part of the loss counts. */
const shares = { core: 1, dice: 1, writing: 0.5, reach: 1 } as const;

/**
 * What the page network learns from views `[batch, size, size]`: cross-entropy of the core and of writing, the Dice loss of the core
 * (Milletari et al. 2016, "V-Net", equation 1), and the mean absolute error of the line's reach within cores.
 */
export function pageLoss(network: Network, batch: number, size: number) {
  return (context: LayerContext) => {
    const answer = network.build(context, imageInput(batch, size, size).images);
    const side = size / pageStride;
    const targets = input(targetsInput, 'float32', [batch, targetCount, side, side]);
    const channel = (of: Value, at: number) => slice(of, [{ axis: 1, start: at, end: at + 1 }]);
    const weight = channel(targets, targetChannels.weight);
    const [core, isCore] = [channel(answer, pageChannels.core), channel(targets, targetChannels.core)];
    const [writing, isWriting] = [channel(answer, pageChannels.writing), channel(targets, targetChannels.writing)];
    const coreLoss = mean(multiply(weight, crossEntropy(core, isCore)));
    const writingLoss = mean(multiply(weight, crossEntropy(writing, isWriting)));
    const diceLoss = dice(multiply(weight, sigmoid(core)), isCore);
    const error = (['up', 'down'] as const)
      .map((reach) => absolute(subtract(channel(answer, pageChannels[reach]), channel(targets, targetChannels[reach]))))
      .reduce((a, b) => add(a, b));
    const reachLoss = divide(sum(multiply(isCore, error)), add(sum(isCore), 1));
    const parts = [
      multiply(coreLoss, shares.core),
      multiply(diceLoss, shares.dice),
      multiply(writingLoss, shares.writing),
      multiply(reachLoss, shares.reach),
    ];
    return { loss: parts.reduce((a, b) => add(a, b)), metrics: {} };
  };
}

/** −log p(target) of logits, element by element. */
function crossEntropy(logits: Value, target: Value): Value {
  return subtract(softplus(logits), multiply(logits, target));
}

/** 1 − 2 |p · t| / (|p| + |t|), over the whole batch. */
function dice(probabilities: Value, target: Value): Value {
  const shared = sum(multiply(probabilities, target));
  return subtract(1, divide(add(multiply(shared, 2), 1), add(add(sum(probabilities), sum(target)), 1)));
}
