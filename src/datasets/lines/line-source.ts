import type { DatasetSource } from '../dataset.ts';
import type { EmnistLineOptions } from './emnist-lines.ts';
import type { LineInfo } from './line-dataset.ts';

/** How another thread opens the same lines; survives `structuredClone`. */
export type LineSource = MemoryLineSource | EmnistLineSource;

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
