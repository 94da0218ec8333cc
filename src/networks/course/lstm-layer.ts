import { concat } from '../../graph/concat.ts';
import { lstmInference, lstmTraining, type LstmWeights } from '../../graph/lstm.ts';
import { transpose } from '../../graph/transpose.ts';
import { requireRank, type Value } from '../../graph/value.ts';
import { glorotUniform, uniform } from '../initializers.ts';
import type { Initializer, LayerContext } from '../layer-context.ts';
import { dropoutLayer } from '../layers.ts';

export interface LstmLayerOptions {
  readonly units: number;
  /** Whether a second recurrence reads from the end to the beginning, its units beside the first's. Default false. */
  readonly bidirectional?: boolean;
  /** How many recurrences stand on each other. Default 1. */
  readonly layers?: number;
  /** What is dropped of the output of every layer but the last. Default 0. */
  readonly dropout?: number;
}

/** Long short-term memories: x `[batch, time, features]` → `[batch, time, directions · units]`. */
export function lstmLayer(
  context: LayerContext,
  name: string,
  x: Value,
  { units, bidirectional = false, layers = 1, dropout = 0 }: LstmLayerOptions,
): Value {
  requireRank(name, x, 3, '[batch, time, features]');
  const directions = bidirectional ? ['forward', 'backward'] : ['forward'];
  // Recurrences go through time: with time first, each step's elements lie together.
  let sequence = transpose(x, [1, 0, 2]);
  for (let layer = 1; layer <= layers; layer++) {
    const inputs = sequence.shape[2] as number;
    const sets = directions.map((direction) => lstmWeights(context, `${name}.${layer}.${direction}`, inputs, units));
    sequence = context.training
      ? concat(
          sets.map((set, i) => lstmTraining(sequence, set, { reverse: i === 1 })),
          2,
        )
      : lstmInference(sequence, sets);
    if (layer < layers) sequence = dropoutLayer(context, sequence, dropout);
  }
  return transpose(sequence, [1, 0, 2]);
}

function lstmWeights(context: LayerContext, prefix: string, inputs: number, units: number): LstmWeights {
  return {
    input: context.parameter(`${prefix}.input`, [inputs, 4 * units], glorotUniform(inputs, units)),
    recurrent: context.parameter(`${prefix}.recurrent`, [units, 4 * units], uniform(1 / Math.sqrt(units))),
    bias: context.parameter(`${prefix}.bias`, [4 * units], openForgetGate(units), { decay: false }),
  };
}

/** Zeros, but 1 for the forget gate, the third, so that a cell remembers to begin with (Jozefowicz et al. 2015). */
function openForgetGate(units: number): Initializer {
  return (target) => void target.fill(0).fill(1, 2 * units, 3 * units);
}
