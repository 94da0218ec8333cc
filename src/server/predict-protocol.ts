import type { ImageLimits } from '../images/image-limits.ts';
import type { WorkerErrorMessage } from '../runtime/worker-error.ts';
import type { BatchResult, ImageToRead } from './read-batch.ts';
import type { ServedModel } from './reader.ts';

/** What a prediction thread is started with. */
export interface PredictWorkerData {
  /** Names or folders; the messages name them by their place in this list. */
  readonly models: readonly string[];
  readonly threads: number;
  readonly languageModel?: string | false;
  readonly limits?: Partial<ImageLimits>;
}

/** A batch for a prediction thread; the images' memory is handed over. */
export interface PredictRequest {
  readonly id: number;
  readonly model: number;
  readonly images: readonly ImageToRead[];
}

/** What a prediction thread posts. */
export type PredictMessage =
  | { readonly type: 'ready'; readonly models: readonly ServedModel[] }
  | { readonly type: 'unable'; readonly error: WorkerErrorMessage }
  | { readonly type: 'read'; readonly id: number; readonly result: BatchResult }
  | { readonly type: 'failed'; readonly id: number; readonly error: WorkerErrorMessage };
