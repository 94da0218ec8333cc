import { formatShape, shapeError, type Dimension, type Shape } from './value.ts';

/** The shape of an element-wise result (NumPy's rule, as in ONNX's Broadcasting.md); an error names both shapes. */
export function broadcastShapes(operator: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const result: Dimension[] = [];
  for (let i = 0; i < rank; i++) {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw shapeError(operator, `cannot broadcast ${formatShape(a)} with ${formatShape(b)}`);
    }
    result.push(left === 1 ? right : left);
  }
  return result;
}

/** Whether two shapes are the same, size by size. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}
