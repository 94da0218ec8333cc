import { TextRecognizerError } from '../errors.ts';

/** A weight of a network: `shape` where it is a parameter, otherwise a vector. */
interface Weight {
  readonly name: string;
  readonly size: number;
  readonly shape?: readonly number[];
}

/**
 * What of `given` a network with the weights `wanted` begins with: all, except what stays random because its name begins
 * with one of `fresh`. Throws SHAPE_MISMATCH where the two differ in another weight, INVALID_ARGUMENT for a beginning that
 * no weight of either has.
 */
export function weightsToSet(
  wanted: readonly Weight[],
  given: ReadonlyMap<string, Float32Array>,
  fresh: readonly string[] = [],
): Map<string, Float32Array> {
  const names = wanted.map(({ name }) => name);
  for (const prefix of fresh) {
    if ([...names, ...given.keys()].some((name) => name.startsWith(prefix))) continue;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `No weight of the network begins with '${prefix}', so none can begin at random; there are ${names.join(', ')}.`,
    );
  }
  const isFresh = (name: string): boolean => fresh.some((prefix) => name.startsWith(prefix));
  const kept = wanted.filter(({ name }) => !isFresh(name));
  for (const weight of kept) requireSize(weight, given.get(weight.name));
  const known = new Set(names);
  const unknown = [...given.keys()].find((name) => !known.has(name) && !isFresh(name));
  if (unknown !== undefined) throw mismatch(unknown, describe(given.get(unknown)), 'none');
  return new Map(kept.map(({ name }) => [name, given.get(name)!]));
}

function requireSize({ name, size, shape = [size] }: Weight, given: Float32Array | undefined): void {
  if (given?.length === size) return;
  throw mismatch(name, describe(given), `${size} [${shape.join(', ')}]`);
}

/** Files of weights hold vectors. */
const describe = (given: Float32Array | undefined): string => (given ? `${given.length} [${given.length}]` : 'no');

function mismatch(name: string, given: string, wanted: string): TextRecognizerError {
  return new TextRecognizerError(
    'SHAPE_MISMATCH',
    `The initial weights have ${given} numbers as '${name}', the network ${wanted}: give weights of the same network with the same configuration, or let '${name}' begin at random (train --fresh ${name}).`,
  );
}
