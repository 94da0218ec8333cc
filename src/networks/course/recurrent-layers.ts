import { gruInference, gruTraining, type GruWeights } from '../../graph/gru.ts';
import { lstmInference, lstmTraining } from '../../graph/lstm.ts';
import type { RecurrenceOptions, RecurrentWeights } from '../../graph/recurrence.ts';
import { concat } from '../../graph/concat.ts';
import { transpose } from '../../graph/transpose.ts';
import { requireRank, type Value } from '../../graph/value.ts';
import { filled, glorotUniform, uniform } from '../initializers.ts';
import type { Initializer, LayerContext } from '../layer-context.ts';
import { dropoutLayer } from '../layers.ts';

export interface RecurrentLayerOptions {
  readonly units: number;
  /** Whether a second recurrence reads from the end to the beginning, its units beside the first's. Default false. */
  readonly bidirectional?: boolean;
  /** How many recurrences stand on each other. Default 1. */
  readonly layers?: number;
  /** What is dropped of the output of every layer but the last. Default 0. */
  readonly dropout?: number;
}

/** Long short-term memories: x `[batch, time, features]` → `[batch, time, directions · units]`. */
export function lstmLayer(context: LayerContext, name: string, x: Value, options: RecurrentLayerOptions): Value {
  const { units } = options;
  return recurrentLayers<RecurrentWeights>(context, name, x, options, {
    weights: (prefix, inputs) =>
      recurrentWeights(context, prefix, inputs, { units, gates: 4, bias: openForgetGate(units) }),
    train: lstmTraining,
    serve: lstmInference,
  });
}

/** Gated recurrent units: x `[batch, time, features]` → `[batch, time, directions · units]`. */
export function gruLayer(context: LayerContext, name: string, x: Value, options: RecurrentLayerOptions): Value {
  const { units } = options;
  return recurrentLayers<GruWeights>(context, name, x, options, {
    weights: (prefix, inputs) => ({
      ...recurrentWeights(context, prefix, inputs, { units, gates: 3, bias: filled(0) }),
      hiddenBias: context.parameter(`${prefix}.hiddenBias`, [units], filled(0), { decay: false }),
    }),
    train: gruTraining,
    serve: gruInference,
  });
}

interface RecurrenceKind<Weights> {
  weights(prefix: string, inputs: number): Weights;
  train(x: Value, weights: Weights, options: RecurrenceOptions): Value;
  serve(x: Value, weights: readonly Weights[]): Value;
}

function recurrentLayers<Weights>(
  context: LayerContext,
  name: string,
  x: Value,
  { bidirectional = false, layers = 1, dropout = 0 }: RecurrentLayerOptions,
  { weights, train, serve }: RecurrenceKind<Weights>,
): Value {
  requireRank(name, x, 3, '[batch, time, features]');
  const directions = bidirectional ? ['forward', 'backward'] : ['forward'];
  // Recurrences go through time: with time first, each step's elements lie together.
  let sequence = transpose(x, [1, 0, 2]);
  for (let layer = 1; layer <= layers; layer++) {
    const inputs = sequence.shape[2] as number;
    const sets = directions.map((direction) => weights(`${name}.${layer}.${direction}`, inputs));
    sequence = context.training
      ? concat(
          sets.map((set, i) => train(sequence, set, { reverse: i === 1 })),
          2,
        )
      : serve(sequence, sets);
    if (layer < layers) sequence = dropoutLayer(context, sequence, dropout);
  }
  return transpose(sequence, [1, 0, 2]);
}

function recurrentWeights(
  context: LayerContext,
  prefix: string,
  inputs: number,
  { units, gates, bias }: { units: number; gates: number; bias: Initializer },
): RecurrentWeights {
  return {
    input: context.parameter(`${prefix}.input`, [inputs, gates * units], glorotUniform(inputs, units)),
    recurrent: context.parameter(`${prefix}.recurrent`, [units, gates * units], uniform(1 / Math.sqrt(units))),
    bias: context.parameter(`${prefix}.bias`, [gates * units], bias, { decay: false }),
  };
}

/** Zeros, but 1 for the forget gate, the third, so that a cell remembers to begin with (Jozefowicz et al. 2015). */
function openForgetGate(units: number): Initializer {
  return (target) => void target.fill(0).fill(1, 2 * units, 3 * units);
}
