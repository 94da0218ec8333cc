import { TextRecognizerError } from '../errors.ts';
import type { WeightSource } from './folded-context.ts';

/**
 * Differences to a network's weights, as `AdaptedContext` declares them: of a convolution's weight the product of `NAME.up` `[rank, outputs]`
 * and `NAME.down` `[rank, inputs, rows, columns]`, of other weights the whole.
 */
export type WeightDifferences = ReadonlyMap<string, Float32Array>;

/** Weights with the differences added; throws MODEL_INVALID where a difference is not of its weight's size. */
export function changedWeights(source: WeightSource, differences: WeightDifferences): WeightSource {
  return (name, shape) => {
    const weights = source(name, shape);
    const difference = differences.get(name) ?? ofLowRank(differences, name, shape);
    if (difference === undefined) return weights;
    if (difference.length !== weights.length) throw misfit(name, difference.length, weights.length);
    return weights.map((weight, i) => weight + difference[i]);
  };
}

/** `up`ᵀ · `down`; undefined for what has none. */
function ofLowRank(differences: WeightDifferences, name: string, shape: readonly number[]): Float32Array | undefined {
  const [down, up] = [downName(name), upName(name)].map((part) => differences.get(part));
  if (!down || !up) return undefined;
  const [outputs] = shape;
  const size = shape.slice(1).reduce((product, dim) => product * dim, 1);
  const rank = up.length / outputs;
  if (!Number.isInteger(rank) || down.length !== rank * size)
    throw misfit(name, up.length + down.length, outputs + size);
  const product = new Float32Array(outputs * size);
  for (let at = 0; at < up.length; at++) {
    const [r, output] = [Math.floor(at / outputs), at % outputs];
    for (let i = 0; i < size; i++) product[output * size + i] += up[at] * down[r * size + i];
  }
  return product;
}

/** The weighted sum of differences; ranks add up, so that it is exact up to rounding. */
export function sumOfDifferences(
  parts: readonly { readonly differences: WeightDifferences; readonly weight: number }[],
): Map<string, Float32Array> {
  const names = new Set(parts.flatMap(({ differences }) => [...differences.keys()]));
  return new Map(
    [...names].map((name) => {
      const scaled = parts.flatMap(({ differences, weight }) => {
        const vector = differences.get(name);
        const isDown = name.endsWith('.down');
        return vector ? [isDown ? vector : vector.map((value) => weight * value)] : [];
      });
      return [name, /\.(?:down|up)$/u.test(name) ? concatenated(scaled) : sum(scaled)];
    }),
  );
}

function concatenated(vectors: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(vectors.reduce((length, vector) => length + vector.length, 0));
  let at = 0;
  for (const vector of vectors) {
    whole.set(vector, at);
    at += vector.length;
  }
  return whole;
}

function sum([first, ...others]: readonly Float32Array[]): Float32Array {
  return first.map((value, i) => others.reduce((total, vector) => total + vector[i], value));
}

function misfit(name: string, given: number, wanted: number): TextRecognizerError {
  return new TextRecognizerError(
    'MODEL_INVALID',
    `The difference to '${name}' has ${given} numbers, which do not fit ${wanted}; take the adapter again from where it comes.`,
  );
}

/** The names of the two factors of a difference to the weight `NAME.weight`. */
const downName = (weight: string): string => weight.replace(/weight$/u, 'down');
const upName = (weight: string): string => weight.replace(/weight$/u, 'up');
