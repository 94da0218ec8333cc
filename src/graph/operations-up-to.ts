import type { Operation, Value } from './value.ts';

/**
 * All operations that `outputs` need, each after those it depends on; iterative, so that the depth is not limited.
 * What leads to a value in `known` is left out.
 */
export function operationsUpTo(outputs: readonly Value[], known: ReadonlyMap<Value, unknown> = new Map()): Operation[] {
  const order: Operation[] = [];
  const state = new Map<Operation, 'open' | 'done'>();
  const stack: Operation[] = [];
  const pushProducers = (values: readonly (Value | undefined)[]) => {
    for (const value of values.toReversed()) {
      const producer = value?.producer;
      if (value && producer?.kind === 'operation' && !known.has(value) && !state.has(producer)) stack.push(producer);
    }
  };
  pushProducers(outputs);
  while (stack.length > 0) {
    const operation = stack[stack.length - 1];
    if (state.has(operation)) {
      if (state.get(operation) === 'open') order.push(operation);
      state.set(operation, 'done');
      stack.pop();
    } else {
      state.set(operation, 'open');
      pushProducers(operation.inputs);
    }
  }
  return order;
}
