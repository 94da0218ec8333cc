import { operationsUpTo } from './operations-up-to.ts';
import type { Operation, Value } from './value.ts';

/** Multiply-accumulates of the convolutions, matrix products and recurrences behind `outputs`, a symbolic size counting as 1. */
export function multiplyAccumulates(outputs: readonly Value[]): number {
  return operationsUpTo(outputs).reduce((total, operation) => total + work(operation), 0);
}

function work({ name, inputs, outputs, attributes }: Operation): number {
  const produced = elements(outputs[0]);
  if (name === 'Conv') return (produced * elements(inputs[1]!)) / size(inputs[1]!.shape[0]);
  if (name === 'Gemm') return produced * size(inputs[0]!.shape[attributes.transA === 1 ? 0 : 1]);
  if (name === 'MatMul' || name === 'MatMulTransposed') return produced * size(inputs[0]!.shape.at(-1)!);
  if (name === 'LSTM' || name === 'GRU') {
    const [time, batch] = inputs[0]!.shape;
    return size(time) * size(batch) * (elements(inputs[1]!) + elements(inputs[2]!));
  }
  return 0;
}

const size = (dimension: number | string): number => (typeof dimension === 'number' ? dimension : 1);
const elements = ({ shape }: Value): number =>
  shape.reduce<number>((product, dimension) => product * size(dimension), 1);
