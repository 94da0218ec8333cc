import { add } from './elementwise.ts';
import { formatShape, noGradient, scalar, shapeError, type Operation, type Value } from './value.ts';
import { TextRecognizerError } from '../errors.ts';
import { operationsUpTo } from './operations-up-to.ts';
import { sameShape } from './broadcast.ts';

/**
 * The gradients of a scalar `loss` for each of `wanted`, as new values of the graph: reverse-mode differentiation
 * (Griewank and Walther, Evaluating Derivatives, 2008). A value that the loss does not depend on is an error.
 */
export function gradients(loss: Value, wanted: readonly Value[]): Value[] {
  if (loss.shape.length > 0) throw shapeError('gradients', `the loss must be a scalar, got ${formatShape(loss.shape)}`);
  const order = operationsUpTo([loss]);
  const relevant = dependsOn(order, new Set(wanted));
  const found = new Map<Value, Value>([[loss, scalar(1)]]);
  for (const operation of order.toReversed()) {
    if (!operation.outputs.some((output) => relevant.has(output))) continue;
    const incoming = operation.outputs.map((output) => found.get(output));
    if (incoming.every((gradient) => gradient === undefined)) continue;
    accumulate(operation, incoming, relevant, found);
  }
  return wanted.map((value, i) => {
    const gradient = found.get(value);
    if (gradient) return gradient;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `gradients: the loss does not depend on value ${i}, ${formatShape(value.shape)}.`,
    );
  });
}

function accumulate(
  operation: Operation,
  incoming: readonly (Value | undefined)[],
  relevant: Set<Value>,
  found: Map<Value, Value>,
): void {
  requireGradient(operation, relevant);
  const gradient = operation.gradient?.(incoming);
  operation.inputs.forEach((value, i) => {
    const part = gradient?.[i];
    if (!value || !part || !relevant.has(value)) return;
    if (!sameShape(part.shape, value.shape)) {
      throw shapeError(
        operation.name,
        `its gradient ${formatShape(part.shape)} does not fit input ${i}, ${formatShape(value.shape)}`,
      );
    }
    const before = found.get(value);
    found.set(value, before ? add(before, part) : part);
  });
}

/** Where an operator without one lies on the way, a silent zero would be wrong. */
function requireGradient({ name, gradient, inputs }: Operation, relevant: ReadonlySet<Value>): void {
  const isOnTheWay = inputs.some((value) => value?.type === 'float32' && relevant.has(value));
  if (gradient || !isOnTheWay) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `gradients: ${name} has no gradient; write the loss without it, or put detach before it if none shall flow.`,
  );
}

/** All values between the wanted ones and the loss; gradients elsewhere would be computed in vain. */
function dependsOn(order: readonly Operation[], wanted: ReadonlySet<Value>): Set<Value> {
  const relevant = new Set(wanted);
  for (const { inputs, outputs, gradient } of order) {
    if (gradient === noGradient) continue;
    if (inputs.some((value) => value && relevant.has(value))) for (const output of outputs) relevant.add(output);
  }
  return relevant;
}
