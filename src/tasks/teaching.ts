import { add, multiply } from '../graph/elementwise.ts';
import { softmax } from '../graph/loss.ts';
import type { Value } from '../graph/value.ts';
import { TextRecognizerError } from '../errors.ts';
import type { Network } from '../networks/network.ts';
import { ServingContext } from '../networks/serving-context.ts';
import { readWeights } from '../training/read-weights.ts';
import type { Experiment } from './experiment-schema.ts';

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

/** Reads the teachers that an experiment names; throws INVALID_ARGUMENT where one has other classes than the student. */
export async function openTeaching(
  { training: { teaching } }: Experiment,
  student: Network,
  createNetwork: (name: string, config: Readonly<Record<string, unknown>>) => Network,
): Promise<Teaching | undefined> {
  if (!teaching) return undefined;
  const { classes } = student.config;
  const teachers = teaching.teachers.map(async ({ network: { name, config }, weights }) => {
    const network = createNetwork(name, { classes, ...config });
    if (network.config.classes === classes) return { network, weights: await readWeights(weights) };
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `Teacher '${name}' has ${String(network.config.classes)} classes, the network ${String(classes)}; make both the same.`,
    );
  });
  return { teachers: await Promise.all(teachers), weight: teaching.weight };
}

/** What decides the result of being taught. */
export function teachingIdentity(teaching: Teaching | undefined): unknown {
  return teaching && { weight: teaching.weight, by: teaching.teachers.map(({ network }) => network) };
}

/**
 * The mean of the probabilities `[…, classes]` that the teachers give the very same images (Hinton et al. 2015, "Distilling the
 * knowledge in a neural network", at temperature 1; Beyer et al. 2022, "Knowledge distillation: a good teacher is patient and
 * consistent"). Where characters look alike, labels are chance, and teachers know how often each is meant.
 */
export function teachersSay(images: Value, { teachers }: Teaching): Value {
  const opinions = teachers.map(({ network, weights }) => softmax(network.build(new ServingContext(weights), images)));
  const sum = opinions.reduce((total, opinion) => add(total, opinion));
  return multiply(sum, 1 / teachers.length);
}
