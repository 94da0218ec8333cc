import { broadcastShapes } from './broadcast.ts';
import { sumOver } from './expand.ts';
import { reshape } from './reshape.ts';
import { transpose } from './transpose.ts';
import { sum } from './reduce.ts';
import { formatShape, operation, requireRank, shapeError, type Shape, type Value } from './value.ts';

/** x · weight + bias for x `[batch, inputs]`, weight `[inputs, outputs]`, bias `[outputs]` (ONNX's Gemm). */
export function dense(x: Value, weight: Value, bias?: Value): Value {
  requireRank('dense', x, 2, '[batch, inputs]');
  requireRank('dense', weight, 2, '[inputs, outputs]');
  const [, outputs] = weight.shape;
  if (x.shape[1] !== weight.shape[0]) {
    throw shapeError('dense', `input ${formatShape(x.shape)} does not fit weight ${formatShape(weight.shape)}`);
  }
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== outputs)) {
    throw shapeError('dense', `bias ${formatShape(bias.shape)} does not fit weight ${formatShape(weight.shape)}`);
  }
  return operation(
    'Gemm',
    bias ? [x, weight, bias] : [x, weight],
    { type: 'float32', shape: [x.shape[0], outputs] },
    {
      gradient: ([dy]) => (dy ? [gemm(dy, weight, false, true), gemm(x, dy, true, false), bias && sum(dy, [0])] : []),
    },
  );
}

/** a · b for matrices, either of them transposed. */
export function gemm(a: Value, b: Value, transposeA: boolean, transposeB: boolean): Value {
  const [rows, inner] = transposeA ? [a.shape[1], a.shape[0]] : a.shape;
  const [other, columns] = transposeB ? [b.shape[1], b.shape[0]] : b.shape;
  if (inner !== other)
    throw shapeError('gemm', `inner sizes of ${formatShape(a.shape)} and ${formatShape(b.shape)} differ`);
  return operation(
    'Gemm',
    [a, b],
    { type: 'float32', shape: [rows, columns] },
    {
      attributes: { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 },
    },
  );
}

/** The matrix product over the last two dimensions, `[…, n, k] · […, k, m]`; leading ones broadcast (NumPy's matmul). */
export function matmul(a: Value, b: Value): Value {
  if (a.shape.length < 2 || b.shape.length < 2 || a.shape.at(-1) !== b.shape.at(-2)) {
    throw shapeError('matmul', `${formatShape(a.shape)} does not fit ${formatShape(b.shape)}`);
  }
  const shape = [
    ...broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2)),
    a.shape.at(-2)!,
    b.shape.at(-1)!,
  ];
  return operation(
    'MatMul',
    [a, b],
    { type: 'float32', shape },
    {
      gradient: ([dy]) => (dy ? [sumOver(matmulTransposed(dy, b), a.shape), weightGradient(a, b, dy)] : []),
    },
  );
}

/** For a shared matrix, one large product instead of many small ones and a sum. */
function weightGradient(a: Value, b: Value, dy: Value): Value {
  if (b.shape.length > 2) return sumOver(transposedMatmul(a, dy), b.shape);
  const rows = (value: Value) => reshape(value, [-1, value.shape.at(-1)!]);
  return gemm(rows(a), rows(dy), true, false);
}

/** a · bᵀ over the last two dimensions. */
export function matmulTransposed(a: Value, b: Value): Value {
  if (a.shape.at(-1) !== b.shape.at(-1))
    throw shapeError('matmulTransposed', `${formatShape(a.shape)} does not fit ${formatShape(b.shape)}`);
  return fusedMatmul('MatMulTransposed', a, b, { transB: 1 }, [a.shape.at(-2)!, b.shape.at(-2)!], (dy) => [
    matmul(dy, b),
    transposedMatmul(dy, a),
  ]);
}

/** aᵀ · b over the last two dimensions. */
function transposedMatmul(a: Value, b: Value): Value {
  return fusedMatmul('TransposedMatMul', a, b, { transA: 1 }, [a.shape.at(-1)!, b.shape.at(-1)!], (dy) => [
    matmulTransposed(b, dy),
    matmul(a, dy),
  ]);
}

/** A product with an operand turned around; the CPU provider has an operator that spares the copy. */
function fusedMatmul(
  name: string,
  a: Value,
  b: Value,
  transposed: { readonly transA?: 1; readonly transB?: 1 },
  matrix: Shape,
  gradient: (dy: Value) => readonly [Value, Value],
): Value {
  const shape = [...broadcastShapes(name, a.shape.slice(0, -2), b.shape.slice(0, -2)), ...matrix];
  const output = { type: 'float32', shape } as const;
  return operation(name, [a, b], output, {
    lower: ([left, right], { device }) => [
      device === 'cpu'
        ? operation('FusedMatMul', [left, right], output, { domain: 'com.microsoft', attributes: transposed })
        : matmul(transposed.transA ? swapLast(left) : left, transposed.transB ? swapLast(right) : right),
    ],
    gradient: ([dy]) => {
      if (!dy) return [];
      const [da, db] = gradient(dy);
      return [sumOver(da, a.shape), sumOver(db, b.shape)];
    },
  });
}

function swapLast(x: Value): Value {
  const rank = x.shape.length;
  const order = Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
  return transpose(x, order);
}
