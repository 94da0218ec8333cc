import type { DatasetSource } from '../dataset.ts';
import type { EmnistLineOptions } from '../synthesis/emnist-lines.ts';
import type { FontFile, FontLineOptions } from '../synthesis/font-lines.ts';
import type { LineInfo } from './line-dataset.ts';
import type { StrokeLineOptions } from '../synthesis/stroke-lines.ts';

/** How another thread opens the same lines; survives `structuredClone`. */
export type LineSource = MemoryLineSource | EmnistLineSource | StrokeLineSource | FontLineSource;

/** Lines whose pixels lie in shared memory. */
export interface MemoryLineSource {
  readonly kind: 'memory';
  readonly name: string;
  readonly height: number;
  readonly pixels: Uint8Array<SharedArrayBuffer>;
  readonly offsets: Float64Array;
  readonly widths: Uint32Array;
  readonly lines: readonly LineInfo[];
}

/** Lines set on demand from single characters. */
export interface EmnistLineSource {
  readonly kind: 'emnist-lines';
  readonly name: string;
  readonly characters: DatasetSource;
  readonly texts: readonly string[];
  readonly options: EmnistLineOptions;
}

/** Lines written on demand along pen paths in shared memory. */
export interface StrokeLineSource {
  readonly kind: 'strokes';
  readonly name: string;
  readonly lines: readonly LineInfo[];
  /** x, y of all points of all lines, `[points, 2]`; line i has the points from `pointStarts[i]` to `pointStarts[i + 1]`. */
  readonly points: Float32Array<SharedArrayBuffer>;
  readonly pointStarts: Uint32Array;
  /** Points per stroke of all lines; line i has the strokes from `strokeStarts[i]` to `strokeStarts[i + 1]`. */
  readonly strokes: Uint32Array<SharedArrayBuffer>;
  readonly strokeStarts: Uint32Array;
  readonly options: StrokeLineOptions;
}

/** Lines set on demand in fonts, which every thread opens for itself. */
export interface FontLineSource {
  readonly kind: 'fonts';
  readonly name: string;
  readonly fonts: readonly FontFile[];
  readonly texts: readonly string[];
  readonly options: FontLineOptions;
}
