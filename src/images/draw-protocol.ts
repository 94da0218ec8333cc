import type { WorkerErrorMessage } from '../runtime/worker-error.ts';
import type { DrawnPage } from './drawn-file.ts';
import type { ImageLimits } from './image-limits.ts';

/** A file that a thread draws. */
export interface DrawnSource {
  readonly format: 'PDF' | 'HEIC';
  /** What messages call it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly limits: ImageLimits;
}

/** What is asked of the thread: first to open a file, then to draw its pages. */
export type DrawRequest = { readonly open: DrawnSource } | { readonly draw: number };

export type DrawAnswer =
  | { readonly pages: number }
  | { readonly page: DrawnPage }
  | { readonly error: WorkerErrorMessage };
