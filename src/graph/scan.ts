import { operationsUpTo } from './operations-up-to.ts';
import { input, operations, shapeError, formatShape, type OutputSpec, type Value } from './value.ts';

/** What a step of `scan` computes: the states for the next step, and this step's elements of the output sequences. */
export interface ScanStep {
  readonly states: readonly Value[];
  readonly outputs: readonly Value[];
}

export interface ScanOptions {
  /** From the last element to the first; the output sequences keep the order of the inputs. */
  readonly reverse?: boolean;
}

/**
 * A recurrence over the first axis of `sequences` `[time, …]` (ONNX's Scan): `step` is built once, from the states and the
 * elements `[…]` at one time, and may use other values of the graph. Gives the last states and the output sequences
 * `[time, …]`. It has no gradient of its own.
 */
export function scan(
  initial: readonly Value[],
  sequences: readonly Value[],
  step: (states: readonly Value[], elements: readonly Value[]) => ScanStep,
  { reverse = false }: ScanOptions = {},
): ScanStep {
  const [time] = sequences[0].shape;
  const states = initial.map(({ type, shape }, i) => input(`state${i}`, type, shape));
  const elements = sequences.map(({ type, shape }, i) => input(`element${i}`, type, shape.slice(1)));
  const next = step(states, elements);
  initial.forEach(({ shape }, i) => {
    const after = formatShape(next.states[i].shape);
    if (after !== formatShape(shape))
      throw shapeError('scan', `state ${i} turns from ${formatShape(shape)} into ${after}`);
  });
  const captured = capturedValues([...next.states, ...next.outputs], [...states, ...elements]);
  const direction = reverse ? 1 : 0;
  const stacked = next.outputs.map(({ type, shape }): OutputSpec => ({ type, shape: [time, ...shape] }));
  const results = operations(
    'Scan',
    [...initial, ...sequences, ...captured],
    [...initial.map(({ type, shape }): OutputSpec => ({ type, shape })), ...stacked],
    {
      attributes: {
        num_scan_inputs: sequences.length,
        scan_input_directions: sequences.map(() => direction),
        scan_output_directions: stacked.map(() => direction),
        body: { graph: { inputs: [...states, ...elements], outputs: [...next.states, ...next.outputs], captured } },
      },
    },
  );
  return { states: results.slice(0, initial.length), outputs: results.slice(initial.length) };
}

/** What a body uses, but does not compute from its own inputs. */
function capturedValues(outputs: readonly Value[], formalInputs: readonly Value[]): Value[] {
  const inside = new Set(formalInputs);
  const captured = new Set<Value>();
  for (const operation of operationsUpTo(outputs)) {
    if (!operation.inputs.some((value) => value && inside.has(value))) continue;
    for (const value of operation.outputs) inside.add(value);
    for (const value of operation.inputs) {
      if (value && !inside.has(value) && value.producer.kind !== 'constant') captured.add(value);
    }
  }
  return [...captured];
}
