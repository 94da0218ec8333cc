import { blockedFormOf, forgetBlocked, fromBlocked, rememberBlocked } from './blocked-layout.ts';
import { sameShape } from './broadcast.ts';
import { operationsUpTo } from './operations-up-to.ts';
import type { Target } from './target.ts';
import { operations, type Operation, type Value } from './value.ts';

/** Rewrites a graph for a device: composites become ONNX operators, and what can stays in the blocked layout. */
export function lower(outputs: readonly Value[], target: Target): Value[] {
  forgetBlocked();
  return lowerInto(outputs, target, new Map());
}

/** `lowered` maps every value met so far to its final form, and final forms to themselves. */
function lowerInto(outputs: readonly Value[], target: Target, lowered: Map<Value, Value>): Value[] {
  const get = (value: Value): Value => lowered.get(value) ?? value;
  for (const operation of operationsUpTo(outputs, lowered)) {
    // A composite that was lowered on the way may have brought this along: what a loss computes, its gradient uses again.
    if (operation.outputs.every((output) => lowered.has(output))) continue;
    const inputs = operation.inputs.map((value) => value && get(value));
    const results = operation.lower
      ? lowerInto(operation.lower(inputs as Value[], target), target, lowered)
      : rebuild(operation, inputs);
    operation.outputs.forEach((output, i) => lowered.set(output, results[i]).set(results[i], results[i]));
  }
  return outputs.map(get);
}

function rebuild(operation: Operation, inputs: readonly (Value | undefined)[]): readonly Value[] {
  const blocked = inBlocks(operation, inputs);
  if (blocked) return blocked;
  if (inputs.every((value, i) => value === operation.inputs[i])) return operation.outputs;
  return operations(operation.name, inputs, operation.outputs, operation);
}

const elementwise = new Set(
  (
    'Add Sub Mul Div Max Neg Exp Log Sqrt Abs Erf Clip Greater GreaterOrEqual Equal Where Relu LeakyRelu Sigmoid Tanh ' +
    'Softplus Cast Sign'
  ).split(' '),
);

/** An element-wise operator over values that are all there in blocks (or scalars) computes in blocks, too. */
function inBlocks(operation: Operation, inputs: readonly (Value | undefined)[]): readonly Value[] | undefined {
  const [output] = operation.outputs;
  if (!elementwise.has(operation.name) || operation.domain !== '' || output.shape.length !== 4) return undefined;
  const forms = inputs.map((value) => {
    if (!value || value.shape.length === 0) return value;
    const form = blockedFormOf(value);
    return form && sameShape(form.shape, output.shape) ? form : null;
  });
  const isBlocked = !forms.includes(null) && forms.some((form) => form && form.shape.length === 4);
  if (!isBlocked) return undefined;
  const { name, attributes, outputs } = operation;
  const computed = operations(name, forms as Value[], outputs, { attributes });
  if (output.type === 'float32') return computed.map(fromBlocked);
  // Only float32 can be reordered: whoever wants it plainly has it computed again from plain operands.
  const plain = operations(name, inputs, outputs, { attributes });
  plain.forEach((value, i) => rememberBlocked(value, computed[i]));
  return plain;
}
