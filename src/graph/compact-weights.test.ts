import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Session } from '../runtime/session.ts';
import { isLarge, quantizeWeights, toHalf } from './compact-weights.ts';
import { conv2d } from './conv.ts';
import { matmul } from './dense.ts';
import { reshape } from './reshape.ts';
import { toOnnx } from './to-onnx.ts';
import { constant, input, type Value } from './value.ts';

test('matrices have a scale for every column, kernels one for every output', () => {
  // By hand: the columns' largest weights are 2.54 and 1.27, so their scales are 0.02 and 0.01.
  const matrix = quantizeWeights(Float32Array.of(1, -1.27, -2.54, 0.004, 0.02, 0.634), [3, 2]);
  expect(matrix.scaleDims).toEqual([1, 2]);
  expect([...matrix.scales].map((scale) => scale.toFixed(5))).toEqual(['0.02000', '0.01000']);
  expect([...matrix.codes]).toEqual([50, -127, -127, 0, 1, 63]);
  const kernel = quantizeWeights(Float32Array.of(127, -64, 0.5, 1.27, 0, 0, 0, 0), [2, 1, 2, 2]);
  expect(kernel).toEqual({
    codes: Int8Array.of(127, -64, 1, 1, 0, 0, 0, 0),
    scales: Float32Array.of(1, 0),
    scaleDims: [2, 1, 1, 1],
  });
});

test('a weight changes by half a step of its channel at most', () => {
  const weights = fc.float32Array({ minLength: 12, maxLength: 12, noNaN: true, min: -100, max: 100 });
  fc.assert(
    fc.property(weights, (weights) => {
      const { codes, scales } = quantizeWeights(weights, [4, 3]);
      codes.forEach((code, i) =>
        expect(Math.abs(code * scales[i % 3] - weights[i])).toBeLessThanOrEqual(0.501 * scales[i % 3] + 1e-37),
      );
    }),
  );
});

test('half precision has the bits that Python gives', () => {
  // struct.pack('<e', value) for each
  const values = [0, -0, 1, -2.5, 65504, 1e-8, 6e-8, 0.1, 3.14159274, 2049, 2051, Infinity, NaN, 6.1e-5];
  const bits = [0x0, 0x8000, 0x3c00, 0xc100, 0x7bff, 0x0, 0x1, 0x2e66, 0x4248, 0x6800, 0x6802, 0x7c00, 0x7e00, 0x3ff];
  expect([...toHalf(Float32Array.from(values))]).toEqual(bits);
  // struct refuses what IEEE 754 rounds to infinity.
  expect([...toHalf(Float32Array.of(65520, -1e9))]).toEqual([0x7c00, 0xfc00]);
});

test('only large tables of numbers are worth it', () => {
  expect(isLarge([32, 32], 'float32')).toBe(true);
  expect(isLarge([31, 33], 'float32')).toBe(false);
  expect(isLarge([4096], 'float32')).toBe(false);
  expect(isLarge([64, 64], 'uint8')).toBe(false);
});

test.each([
  ['float16', 2, 0.002],
  ['int8', 4, 0.02],
] as const)('as %s a file is smaller, and computes nearly the same', async (weights, times, most) => {
  const outputs = { y: network() };
  const whole = toOnnx(outputs);
  const compact = toOnnx(outputs, { weights });
  expect(whole.length / compact.length).toBeGreaterThan(0.75 * times);
  const [expected, found] = await Promise.all([run(whole), run(compact)]);
  const largest = Math.max(...expected.map(Math.abs));
  expected.forEach((value, i) => expect(Math.abs(found[i] - value)).toBeLessThan(most * largest));
});

/** A convolution and a product with smooth made-up weights. */
function network(): Value {
  const image = input('x', 'float32', [1, 8, 4, 4]);
  const kernel = constant(waves(16 * 8 * 9), [16, 8, 3, 3]);
  const matrix = constant(waves(16 * 128), [16, 128]);
  return matmul(reshape(conv2d(image, kernel, undefined, { padding: 1 }), [16, 16]), matrix);
}

function waves(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(i * 1.7) * (1 + (i % 5)));
}

async function run(onnx: Uint8Array): Promise<number[]> {
  const session = await Session.load(onnx, { threads: 1 });
  const { y } = await session.run({ x: { data: waves(128), shape: [1, 8, 4, 4] } });
  await session.close();
  return Array.from(y.data as Float32Array);
}
