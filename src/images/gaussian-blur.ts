import type { GrayImage } from './gray-image.ts';

/** Blurs with a Gaussian of `sigma` pixels, cut at 4 sigma; beyond the edge, the edge's pixels are repeated. */
export function gaussianBlur(image: GrayImage, sigma: number): GrayImage {
  const { width, height } = image;
  if (!(sigma > 0)) return { width, height, data: image.data.slice() };
  const kernel = gaussianKernel(sigma);
  const rows = blurRows(image, kernel);
  return { width, height, data: blurColumns(rows, width, height, kernel) };
}

/** The right half of the kernel, from the center outwards; the whole sums to one. */
function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.trunc(4 * sigma + 0.5);
  const half = Float64Array.from({ length: radius + 1 }, (_, i) => Math.exp((-0.5 * i * i) / (sigma * sigma)));
  const sum = 2 * half.reduce((total, weight) => total + weight, 0) - half[0];
  return half.map((weight) => weight / sum);
}

function blurRows({ width, height, data }: GrayImage, kernel: Float64Array): Float32Array {
  const radius = kernel.length - 1;
  const rows = new Float32Array(width * height);
  const line = new Uint8Array(width + 2 * radius);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    line.fill(row[0], 0, radius);
    line.set(row, radius);
    line.fill(row[width - 1], radius + width);
    for (let x = 0; x < width; x++) {
      let sum = kernel[0] * line[x + radius];
      for (let k = 1; k <= radius; k++) sum += kernel[k] * (line[x + radius - k] + line[x + radius + k]);
      rows[y * width + x] = sum;
    }
  }
  return rows;
}

function blurColumns(rows: Float32Array, width: number, height: number, kernel: Float64Array): Uint8Array {
  const data = new Uint8Array(width * height);
  const sums = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    sums.fill(0.5);
    for (let k = 1 - kernel.length; k < kernel.length; k++) {
      const from = Math.min(height - 1, Math.max(0, y + k)) * width;
      const weight = kernel[Math.abs(k)];
      for (let x = 0; x < width; x++) sums[x] += weight * rows[from + x];
    }
    for (let x = 0; x < width; x++) data[y * width + x] = sums[x];
  }
  return data;
}
