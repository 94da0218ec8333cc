import { formatShape, operation, shapeError, type Attributes, type Dimension, type Value } from './value.ts';

/** The options of a convolution with everything spelled out. */
export interface ConvGeometry {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  /** [top, left, bottom, right] */
  readonly padding: readonly [number, number, number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
}

/** ONNX's own operator. */
export function plainConv(inputs: readonly Value[], shape: readonly Dimension[], geometry: ConvGeometry): Value {
  return operation('Conv', inputs, { type: 'float32', shape }, { attributes: convAttributes(geometry) });
}

/** The attributes of ONNX's Conv. */
export function convAttributes({ kernel, stride, padding, dilation, groups }: ConvGeometry): Attributes {
  return { kernel_shape: kernel, strides: stride, pads: padding, dilations: dilation, group: groups };
}

/** The output's height and width; an error when the kernel is larger than the padded input. */
export function outputSize(
  operator: string,
  x: Value,
  { kernel, stride, padding, dilation }: Omit<ConvGeometry, 'groups'>,
): Dimension[] {
  return [0, 1].map((axis) => {
    const size = x.shape[2 + axis];
    if (typeof size === 'string')
      return derivedName(size, kernel[axis], stride[axis], padding[axis] + padding[axis + 2], dilation[axis]);
    const reach = dilation[axis] * (kernel[axis] - 1) + 1;
    const room = size + padding[axis] + padding[axis + 2] - reach;
    if (room < 0)
      throw shapeError(
        operator,
        `kernel ${formatShape(kernel)} is larger than the padded input ${formatShape(x.shape)}`,
      );
    return Math.floor(room / stride[axis]) + 1;
  });
}

/** Fails unless every number is whole and at least `least`. */
export function requireWhole(
  operator: string,
  least: number,
  options: Readonly<Record<string, readonly number[]>>,
): void {
  for (const [name, numbers] of Object.entries(options)) {
    const wrong = numbers.find((value) => !Number.isInteger(value) || value < least);
    if (wrong !== undefined) throw shapeError(operator, `${name} must be whole and at least ${least}, got ${wrong}`);
  }
}

/** The name of a size that follows from a symbolic one; the same window over the same size gets the same name. */
function derivedName(size: string, kernel: number, stride: number, padding: number, dilation: number): string {
  const reach = dilation * (kernel - 1);
  return stride === 1 && padding === reach ? size : `(${size}+${padding - reach - 1})/${stride}+1`;
}

export const pair = (
  value: number | readonly [number, number] | undefined,
  otherwise: number,
): readonly [number, number] =>
  value === undefined ? [otherwise, otherwise] : typeof value === 'number' ? [value, value] : value;
