import { add, divide, minimum, multiply, subtract } from '../graph/elementwise.ts';
import { gradients } from '../graph/gradients.ts';
import { euclideanNorm } from '../graph/reduce.ts';
import { concat } from '../graph/concat.ts';
import { expand } from '../graph/expand.ts';
import { reshape } from '../graph/reshape.ts';
import type { Target } from '../graph/target.ts';
import { toOnnx } from '../graph/to-onnx.ts';
import { constant, input, scalar, type Value } from '../graph/value.ts';
import { runningStatisticShare } from '../networks/layers.ts';
import {
  TrainingContext,
  type DeclaredMask,
  type DeclaredParameter,
  type DeclaredStatistic,
} from '../networks/training-context.ts';
import type { Optimizer, ParameterLayout } from './optimizer.ts';

export interface TrainingGraphOptions {
  readonly optimizer: Optimizer;
  readonly target: Target;
  /** The gradient is scaled down to this norm where it is longer (Pascanu et al. 2013). */
  readonly clipNorm?: number;
  /** Whether an exponential moving average of the weights is kept beside them. */
  readonly averaging: boolean;
  /** Whether the gradient comes out before the weights move, so that replicas can add theirs up. */
  readonly split?: boolean;
}

/** One optimiser step as an ONNX file, with what its inputs and outputs mean. */
export interface TrainingGraph {
  /** A whole step; where it is split, only to its `gradient` and `batchStatistics`. */
  readonly onnx: Uint8Array;
  /** The rest of a step that is split, from these two. */
  readonly update?: Uint8Array;
  /** In the order in which they are in the `parameters` vector. */
  readonly parameters: readonly DeclaredParameter[];
  /** In the order in which they are in the `statistics` vector. */
  readonly statistics: readonly DeclaredStatistic[];
  readonly masks: readonly DeclaredMask[];
  /** State vectors by name, with their sizes; each is an input, and an output named `next.` + its name. */
  readonly state: ReadonlyMap<string, number>;
}

/** A loss as a graph: builds everything from the batch's inputs to the scalar in the given context. */
export type LossBuilder = (context: TrainingContext) => {
  readonly loss: Value;
  readonly metrics: Readonly<Record<string, Value>>;
};

/** Differentiates a loss and appends the optimiser: forward, backward and update in one graph. */
export function trainingGraph(
  build: LossBuilder,
  { optimizer, target, clipNorm, averaging, split = false }: TrainingGraphOptions,
): TrainingGraph {
  const context = new TrainingContext();
  const { loss, metrics } = build(context);
  const parameters = context.parameters.toSorted((a, b) => Number(b.decay) - Number(a.decay));
  const size = parameters.reduce((total, parameter) => total + parameter.size, 0);
  const names = ['parameters', ...Array.from({ length: optimizer.slots }, (_, i) => `slot${i}`)];
  const state = new Map(names.map((name) => [name, input(name, 'float32', [size])]));

  const ownGradient = concat(
    gradients(
      loss,
      parameters.map(({ value }) => value),
    ).map((gradient) => reshape(gradient, [-1])),
    0,
  );
  const ownStatistics = batchStatistics(context.statistics);
  const whole = split ? input('gradient', 'float32', [size]) : ownGradient;
  const statistics = split && ownStatistics ? input('batchStatistics', 'float32', ownStatistics.shape) : ownStatistics;
  const norm = euclideanNorm(whole);
  const gradient = clipNorm === undefined ? whole : multiply(whole, minimum(1, divide(clipNorm, add(norm, 1e-6))));
  const update = optimizer.update({
    parameters: state.get('parameters')!,
    gradient,
    slots: names.slice(1).map((name) => state.get(name)!),
    learningRate: input('learningRate', 'float32', []),
    decayMask: decayMask(parameters),
    layout: layoutOf(context.parameters, parameters),
  });
  const next = new Map<string, Value>([
    ['parameters', update.parameters],
    ...update.slots.map((slot, i) => [`slot${i}`, slot] as const),
  ]);
  if (averaging) next.set('average', movingAverage(update.parameters, state, size));
  if (statistics) next.set('statistics', runningStatistics(statistics, state));

  const updates = { gradientNorm: norm, ...prefixed(next) };
  const shared = { loss, ...metrics, gradient: ownGradient, ...(ownStatistics && { batchStatistics: ownStatistics }) };
  return {
    onnx: toOnnx(split ? shared : { loss, gradientNorm: norm, ...metrics, ...prefixed(next) }, { target }),
    update: split ? toOnnx(updates, { target }) : undefined,
    parameters,
    statistics: context.statistics,
    masks: context.masks,
    state: new Map([...next].map(([name, { shape }]) => [name, shape[0] as number])),
  };
}

/** 1 for the parameters that decay, which are first, then 0. */
function decayMask(parameters: readonly DeclaredParameter[]): Value {
  const count = (decay: boolean) => parameters.filter((p) => p.decay === decay).reduce((total, p) => total + p.size, 0);
  const parts = [true, false].filter((decay) => count(decay) > 0);
  return concat(
    parts.map((decay) => expand(constant(Float32Array.of(decay ? 1 : 0), [1]), [count(decay)])),
    0,
  );
}

/** Of the parameters in the vector's order; which matrix is the first and the last, the order of declaration tells. */
function layoutOf(
  declared: readonly DeclaredParameter[],
  ordered: readonly DeclaredParameter[],
): readonly ParameterLayout[] {
  const matrices = declared.filter(({ shape, decay }) => decay && shape.length >= 2).slice(1, -1);
  const hidden = new Set(matrices.filter(({ shape }) => shape.length !== 4 || shape[1] > 1));
  return ordered.map((parameter) => ({
    shape: parameter.shape,
    size: parameter.size,
    hidden: hidden.has(parameter),
  }));
}

/** average + share · (parameters − average); the share is an input, since it begins large. */
function movingAverage(parameters: Value, state: Map<string, Value>, size: number): Value {
  const average = input('average', 'float32', [size]);
  state.set('average', average);
  return add(average, multiply(subtract(parameters, average), input('averagingShare', 'float32', [])));
}

/** What this batch says, in one vector; undefined where the network has no statistics. */
function batchStatistics(statistics: readonly DeclaredStatistic[]): Value | undefined {
  const updates = statistics.map(({ update }) => update);
  return updates.length === 0 ? undefined : concat(updates, 0);
}

function runningStatistics(batch: Value, state: Map<string, Value>): Value {
  const running = input('statistics', 'float32', batch.shape);
  state.set('statistics', running);
  return add(multiply(running, 1 - runningStatisticShare), multiply(batch, scalar(runningStatisticShare)));
}

function prefixed(next: ReadonlyMap<string, Value>): Record<string, Value> {
  return Object.fromEntries([...next].map(([name, value]) => [`next.${name}`, value]));
}
