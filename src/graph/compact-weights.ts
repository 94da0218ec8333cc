import type { ElementType } from './value.ts';

/** How large constants are stored in a file; whoever loads it computes with float32 in every case. */
export type WeightStorage = 'float32' | 'float16' | 'int8';

/** Smaller constants are stored as they are. */
const leastWeights = 1024;

/** Whether a constant is worth storing compactly. */
export function isLarge(dims: readonly number[], type: ElementType): boolean {
  return type === 'float32' && dims.length >= 2 && dims.reduce((product, dim) => product * dim, 1) >= leastWeights;
}

/** Codes from −127 to 127, and the number that each channel's codes are multiplied by: shape `scaleDims`, one per channel. */
export interface QuantizedWeights {
  readonly codes: Int8Array;
  readonly scales: Float32Array;
  readonly scaleDims: readonly number[];
}

/**
 * Rounds weights to 8 bits, symmetrically, with a scale for every output channel: the first axis of kernels `[out, in, rows, columns]`,
 * the last of matrices `[in, out]` (Krishnamoorthi 2018, https://arxiv.org/abs/1806.08342, section 3.1).
 */
export function quantizeWeights(weights: Float32Array, dims: readonly number[]): QuantizedWeights {
  const axis = dims.length === 2 ? 1 : 0;
  const channels = dims[axis];
  const after = dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const channelOf = (i: number) => Math.floor(i / after) % channels;
  const scales = new Float32Array(channels);
  weights.forEach((weight, i) => {
    const channel = channelOf(i);
    scales[channel] = Math.max(scales[channel], Math.abs(weight) / 127);
  });
  // A channel of nothing but zeros has any scale.
  const codes = Int8Array.from(weights, (weight, i) => Math.round(weight / (scales[channelOf(i)] || 1)));
  return { codes, scales, scaleDims: dims.map((_, i) => (i === axis ? channels : 1)) };
}

/** IEEE 754 half-precision numbers as their bits, rounded to the nearest, ties to even; beyond 65,504 they become infinite. */
export function toHalf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, (word) => {
    const sign = (word >>> 16) & 0x8000;
    const exponent = ((word >>> 23) & 0xff) - 112;
    const mantissa = word & 0x7fffff;
    if (exponent >= 31) return sign | (exponent === 143 && mantissa > 0 ? 0x7e00 : 0x7c00);
    if (exponent > 0) return sign | roundShift((exponent << 23) | mantissa, 13);
    return exponent < -10 ? sign : sign | roundShift(mantissa | 0x800000, 14 - exponent);
  });
}

/** The numbers of half-precision bits; every one of them is a float32. */
export function fromHalf(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, (word) => {
    const sign = word & 0x8000 ? -1 : 1;
    const exponent = (word >>> 10) & 31;
    const mantissa = word & 1023;
    if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
    if (exponent === 0) return sign * mantissa * 2 ** -24;
    return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
  });
}

/** `value / 2^shift`, rounded to the nearest whole number, ties to even. */
function roundShift(value: number, shift: number): number {
  const low = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  const whole = value >>> shift;
  return low > half || (low === half && (whole & 1) === 1) ? whole + 1 : whole;
}
