import { add, multiply } from '../graph/elementwise.ts';
import { oneHot, softmax } from '../graph/loss.ts';
import type { Value } from '../graph/value.ts';
import type { Network } from '../networks/network.ts';
import { ServingContext } from '../networks/serving-context.ts';

/** A network that has learned, and teaches another. */
export interface Teacher {
  readonly network: Network;
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** Networks that have learned, and how much they are believed. */
export interface Teaching {
  readonly teachers: readonly Teacher[];
  /** Their share in what is to be learned, 0 to 1; the label has the rest. */
  readonly weight: number;
}

/**
 * What a network is to say of the images: `[batch, classes]`, (1 − weight) for the label and weight for the mean of what the
 * teachers say of the very same images (Hinton et al. 2015, "Distilling the knowledge in a neural network", at temperature 1;
 * Beyer et al. 2022, "Knowledge distillation: a good teacher is patient and consistent"). Where characters look alike, labels
 * are chance, and teachers know how often each is meant.
 */
export function taughtTargets(images: Value, labels: Value, classes: number, { teachers, weight }: Teaching): Value {
  const opinions = teachers.map(({ network, weights }) => softmax(network.build(new ServingContext(weights), images)));
  const sum = opinions.reduce((total, opinion) => add(total, opinion));
  return add(multiply(oneHot(labels, classes), 1 - weight), multiply(sum, weight / teachers.length));
}
