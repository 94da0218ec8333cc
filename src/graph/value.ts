import { TextRecognizerError } from '../errors.ts';
import type { Target } from './target.ts';

/** Element types that graphs compute with; the names are ONNX Runtime's. */
export type ElementType = 'float32' | 'int32' | 'int64' | 'uint8' | 'bool';

/** A size known when the graph is built, or the name of one that is known when it runs (`'batch'`). */
export type Dimension = number | string;
export type Shape = readonly Dimension[];

/** The memory of a constant or of a parameter's value. */
export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

export type Attribute = number | string | readonly number[] | { readonly float: number } | { readonly graph: Subgraph };
export type Attributes = Readonly<Record<string, Attribute>>;

/** The body of `Scan` or another control-flow operator: formal inputs (made with `input`) and what is computed from them. */
export interface Subgraph {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Values of the graph around it that it uses; the operation has them as its last inputs. */
  readonly captured: readonly Value[];
}

/** Gradients of the loss for each input, given those for each output; `undefined` where none flows. */
export type Gradient = (outputGradients: readonly (Value | undefined)[]) => readonly (Value | undefined)[];

/** The gradient of an operation through which none flows, on purpose. */
export const noGradient: Gradient = () => [];

/** Where a value comes from: outside, the file itself, or an operation. */
export type Producer =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'constant'; readonly data: TensorData }
  | Operation;

/** One application of an operator. Its `name` is ONNX's, or, when `lower` is there, that of a composite of ours. */
export interface Operation {
  readonly kind: 'operation';
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
  readonly gradient: Gradient | undefined;
  /** Rewrites a composite into ONNX operators for a device; `inputs` are the lowered ones. */
  readonly lower: ((inputs: readonly Value[], target: Target) => readonly Value[]) | undefined;
}

/** A typed tensor in a graph: a node of the expression, without data. */
export class Value {
  readonly type: ElementType;
  readonly shape: Shape;
  readonly producer: Producer;

  constructor(type: ElementType, shape: Shape, producer: Producer) {
    this.type = type;
    this.shape = shape;
    this.producer = producer;
  }
}

/** A value that is fed when the graph runs; the name is what `run` takes. */
export function input(name: string, type: ElementType, shape: Shape): Value {
  return new Value(type, shape, { kind: 'input', name });
}

/** A value that is stored in the graph. */
export function constant(data: TensorData, shape: readonly number[]): Value {
  const count = shape.reduce((a, b) => a * b, 1);
  if (count !== data.length)
    throw shapeError('constant', `${data.length} elements do not fill shape ${formatShape(shape)}`);
  return new Value(typeOf(data), shape, { kind: 'constant', data });
}

/** A float32 constant without dimensions. */
export function scalar(value: number): Value {
  return constant(Float32Array.of(value), []);
}

/** An int64 vector, as ONNX wants for axes, sizes and pads. */
export function int64s(values: readonly number[]): Value {
  return constant(BigInt64Array.from(values, BigInt), [values.length]);
}

export interface OutputSpec {
  readonly type: ElementType;
  readonly shape: Shape;
}

export interface OperationOptions {
  readonly domain?: string;
  readonly attributes?: Attributes;
  readonly gradient?: Gradient;
  readonly lower?: (inputs: readonly Value[], target: Target) => readonly Value[];
}

/** Applies an operator with several outputs; `undefined` inputs are ONNX's omitted optional ones. */
export function operations(
  name: string,
  inputs: readonly (Value | undefined)[],
  outputs: readonly OutputSpec[],
  options: OperationOptions = {},
): readonly Value[] {
  const values: Value[] = [];
  const operation: Operation = {
    kind: 'operation',
    name,
    domain: options.domain ?? '',
    inputs,
    attributes: options.attributes ?? {},
    outputs: values,
    gradient: options.gradient,
    lower: options.lower,
  };
  for (const { type, shape } of outputs) values.push(new Value(type, shape, operation));
  return values;
}

/** Applies an operator with one output. */
export function operation(
  name: string,
  inputs: readonly (Value | undefined)[],
  output: OutputSpec,
  options: OperationOptions = {},
): Value {
  return operations(name, inputs, [output], options)[0];
}

/** `[batch, 3, 28]` for messages. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** The error for shapes that an operator cannot take; names the operator. */
export function shapeError(operator: string, problem: string): TextRecognizerError {
  return new TextRecognizerError('SHAPE_MISMATCH', `${operator}: ${problem}.`);
}

/** The shape as numbers; an error when a size is only known at run time. */
export function staticShape(operator: string, value: Value): readonly number[] {
  if (value.shape.every((size) => typeof size === 'number')) return value.shape;
  throw shapeError(operator, `needs sizes that are known when the graph is built, got ${formatShape(value.shape)}`);
}

/** Fails unless `value` has `rank` dimensions. */
export function requireRank(operator: string, value: Value, rank: number, layout: string): void {
  if (value.shape.length === rank) return;
  throw shapeError(operator, `needs ${layout} with ${rank} dimensions, got ${formatShape(value.shape)}`);
}

/** Fails unless `axis` is one of the value's. */
export function requireAxis(operator: string, { shape }: Value, axis: number): void {
  if (Number.isInteger(axis) && axis >= 0 && axis < shape.length) return;
  throw shapeError(operator, `axis ${axis} is not in ${formatShape(shape)}`);
}

/** Fails unless both values have the same element type. */
export function requireSameType(operator: string, a: Value, b: Value): void {
  if (a.type === b.type) return;
  const [left, right] = [a, b].map(({ type, shape }) => `${type} ${formatShape(shape)}`);
  throw shapeError(operator, `${left} and ${right} have different element types; cast one of them`);
}

function typeOf(data: TensorData): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof BigInt64Array) return 'int64';
  return 'uint8';
}
