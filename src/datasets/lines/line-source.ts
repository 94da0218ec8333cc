import type { LineInfo } from './line-dataset.ts';

/** How another thread opens the same lines; survives `structuredClone`. */
export type LineSource = MemoryLineSource;

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
