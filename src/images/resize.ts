import { TextRecognizerError } from '../errors.ts';
import type { GrayImage } from './gray-image.ts';

/** How to resample: `area` averages boxes (best for shrinking), `bilinear` and `bicubic` (a = −0.5) interpolate. */
export type ResizeFilter = 'area' | 'bilinear' | 'bicubic';

interface Kernel {
  /** Half the kernel's width, in pixels of the coarser grid. */
  readonly support: number;
  readonly weight: (x: number) => number;
}

const KERNELS: Readonly<Record<ResizeFilter, Kernel>> = {
  area: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: cubic },
};

/** The weights by which the pixels `first[i]` … of a row make pixel `i` of the resized row. */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `[output, taps]`, rows of `stride`. */
  readonly weights: Float32Array;
  readonly stride: number;
}

/**
 * Resizes to `width` × `height` with a separable kernel that is widened when shrinking, so that nothing aliases
 * (as Pillow does). Edges are not extended: kernels are cut there and their weights made to sum to one.
 */
export function resize(image: GrayImage, width: number, height: number, filter: ResizeFilter = 'bicubic'): GrayImage {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `An image can be resized to sides that are positive integers; got ${width} × ${height}.`,
    );
  }
  if (width === image.width && height === image.height) return { width, height, data: image.data.slice() };
  const kernel = KERNELS[filter];
  const rows = resizeRows(image, width, resizeTaps(image.width, width, kernel));
  return resizeColumns(rows, width, height, resizeTaps(image.height, height, kernel));
}

function resizeTaps(from: number, to: number, { support, weight }: Kernel): Taps {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const reach = support * stretch;
  const stride = Math.ceil(reach) * 2 + 1;
  const taps: Taps = {
    first: new Int32Array(to),
    count: new Int32Array(to),
    weights: new Float32Array(to * stride),
    stride,
  };
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - reach + 0.5));
    const end = Math.min(from, Math.trunc(center + reach + 0.5));
    taps.first[i] = first;
    taps.count[i] = end - first;
    let sum = 0;
    for (let x = first; x < end; x++) sum += weight((x - center + 0.5) / stretch);
    for (let x = first; x < end; x++) taps.weights[i * stride + x - first] = weight((x - center + 0.5) / stretch) / sum;
  }
  return taps;
}

/** `[height, image.width]` uint8 to `[height, width]` float32. */
function resizeRows(image: GrayImage, width: number, taps: Taps): Float32Array {
  const { first, count, weights, stride } = taps;
  const { data, height } = image;
  const rows = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    const row = y * image.width;
    for (let i = 0; i < width; i++) {
      const from = row + first[i];
      const weightsAt = i * stride;
      const taken = count[i];
      let sum = 0;
      for (let k = 0; k < taken; k++) sum += weights[weightsAt + k] * data[from + k];
      rows[y * width + i] = sum;
    }
  }
  return rows;
}

/** `[rows, width]` float32 to `[height, width]` uint8, whole rows at a time to stay in the cache. */
function resizeColumns(rows: Float32Array, width: number, height: number, taps: Taps): GrayImage {
  const { first, count, weights, stride } = taps;
  const data = new Uint8Array(width * height);
  const sums = new Float32Array(width);
  for (let i = 0; i < height; i++) {
    sums.fill(0.5);
    for (let k = 0; k < count[i]; k++) addRow(sums, rows, (first[i] + k) * width, weights[i * stride + k]);
    for (let x = 0; x < width; x++) data[i * width + x] = sums[x] < 0 ? 0 : sums[x] > 255 ? 255 : sums[x];
  }
  return { width, height, data };
}

function addRow(sums: Float32Array, rows: Float32Array, from: number, weight: number): void {
  for (let x = 0; x < sums.length; x++) sums[x] += weight * rows[from + x];
}

/** The cubic convolution of Keys (1981) with a = −0.5. */
function cubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2;
  return 0;
}
