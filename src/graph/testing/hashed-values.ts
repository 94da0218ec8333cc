import type { Tensor } from '../../runtime/tensor.ts';

/**
 * Numbers in [-1, 1) without pattern that any language computes alike, so that fixtures need not store their inputs: 24 bits
 * of a 32-bit hash (lowbias32, https://nullprogram.com/blog/2018/07/31/) of index and seed. Its twin is `hashed` in
 * scripts/fixtures/hashed.py.
 */
export function hashedValues(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => (hash(i, seed) >>> 8) / (1 << 23) - 1);
}

/** Bytes without pattern: the highest 8 bits of the same hash. */
export function hashedBytes(count: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => hash(i, seed) >>> 24);
}

/** A tensor of hashed numbers in [-scale, scale) + shift. */
export function hashedTensor(shape: readonly number[], seed: number, scale = 1, shift = 0): Tensor {
  return { data: hashedValues(sizeOf(shape), seed).map((value) => value * scale + shift), shape };
}

/** A tensor whose elements differ from each other and from 0 by 0.03 and more, in hashed order: far from any kink. */
export function spacedTensor(shape: readonly number[], seed: number): Tensor {
  const count = sizeOf(shape);
  const keys = hashedValues(count, seed);
  const order = [...keys.keys()].sort((a, b) => keys[a] - keys[b]);
  const data = new Float32Array(count);
  order.forEach((position, rank) => (data[position] = (rank - Math.floor(count / 2) + 0.5) * 0.06));
  return { data, shape };
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function hash(index: number, seed: number): number {
  let x = (index + Math.imul(seed, 0x9e3779b9)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
