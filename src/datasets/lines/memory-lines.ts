import { TextRecognizerError } from '../../errors.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { Random } from '../../random/random.ts';
import { checkIndex } from '../check-read.ts';
import { toShared } from '../shared-memory.ts';
import type { LineDataset, LineInfo } from './line-dataset.ts';
import type { MemoryLineSource } from './line-source.ts';

/** What a line dataset in memory is made of. */
export interface MemoryLineParts {
  readonly name: string;
  readonly height: number;
  /** Concatenated images, row-major, white ink (255) on black paper (0). Not copied when it lies in a SharedArrayBuffer. */
  readonly pixels: Uint8Array;
  /** Where each image starts in `pixels`, `[length]`. */
  readonly offsets: ArrayLike<number>;
  /** Width in pixels of each image, `[length]`. */
  readonly widths: ArrayLike<number>;
  /** `[length]` */
  readonly lines: readonly LineInfo[];
  readonly licence?: string;
}

/** Lines whose pixels lie in memory that all threads share; throws `DATASET_INVALID` when the parts disagree. */
export function memoryLines(parts: MemoryLineParts): LineDataset {
  checkParts(parts);
  const { name, height, lines, licence } = parts;
  const pixels = toShared(parts.pixels);
  const offsets = Float64Array.from(parts.offsets);
  const widths = Uint32Array.from(parts.widths);
  const source: MemoryLineSource = { kind: 'memory', name, height, pixels, offsets, widths, lines };

  function image(index: number): GrayImage {
    checkIndex({ name, length: lines.length }, index);
    const width = widths[index];
    return { width, height, data: pixels.subarray(offsets[index], offsets[index] + width * height) };
  }

  return { name, length: lines.length, height, lines, width: (index) => widths[index], image, licence, source };
}

/** A line dataset of `images`, all of the same height, copied into shared memory. */
export function linesFromImages(
  name: string,
  images: readonly GrayImage[],
  lines: readonly LineInfo[],
  height = images[0]?.height ?? 1,
): LineDataset {
  const odd = images.findIndex((image) => image.height !== height);
  if (odd >= 0) {
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `${name}: line ${odd} is ${images[odd].height} pixels high, the others ${height}. Bring all to one height first.`,
    );
  }
  const offsets = new Float64Array(images.length);
  for (let i = 1; i < images.length; i++) offsets[i] = offsets[i - 1] + images[i - 1].data.length;
  const bytes = images.reduce((sum, image) => sum + image.data.length, 0);
  const pixels = new Uint8Array(new SharedArrayBuffer(bytes));
  images.forEach((image, index) => pixels.set(image.data, offsets[index]));
  return memoryLines({ name, height, pixels, offsets, widths: images.map((image) => image.width), lines });
}

/** `dataset` with every line drawn once and kept in shared memory; line i draws from the stream (seed, i). */
export function drawnLines(dataset: LineDataset, seed: number): LineDataset {
  const images = dataset.lines.map((_, index) => dataset.image(index, Random.of(seed, index)));
  return linesFromImages(dataset.name, images, dataset.lines, dataset.height);
}

/** The lines of `dataset` at `indices`, in that order, sharing its pixels. Only for lines in memory. */
export function subsetLines(dataset: LineDataset, indices: readonly number[], name = dataset.name): LineDataset {
  const { source } = dataset;
  if (source.kind !== 'memory') {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `${dataset.name} draws its lines: choose among its texts instead.`,
    );
  }
  for (const index of indices) checkIndex(dataset, index);
  return memoryLines({
    name,
    height: source.height,
    pixels: source.pixels,
    offsets: indices.map((index) => source.offsets[index]),
    widths: indices.map((index) => source.widths[index]),
    lines: indices.map((index) => source.lines[index]),
    licence: dataset.licence,
  });
}

function checkParts({ name, height, pixels, offsets, widths, lines }: MemoryLineParts): void {
  if (!Number.isInteger(height) || height < 1) {
    throw new TextRecognizerError('DATASET_INVALID', `${name}: lines cannot be ${height} pixels high.`);
  }
  if (offsets.length !== lines.length || widths.length !== lines.length) {
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `${name}: ${lines.length} lines, but ${offsets.length} offsets and ${widths.length} widths.`,
    );
  }
  for (let i = 0; i < lines.length; i++) {
    const end = offsets[i] + widths[i] * height;
    const sound = Number.isInteger(widths[i]) && widths[i] > 0 && Number.isInteger(offsets[i]) && offsets[i] >= 0;
    if (sound && end <= pixels.length) continue;
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `${name}: line ${i} (${lines[i].id}) of ${widths[i]}×${height} pixels at byte ${offsets[i]} ` +
        `does not lie within the ${pixels.length} bytes of pixels.`,
    );
  }
}
