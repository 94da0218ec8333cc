import type { ImageLimits } from '../../images/image-limits.ts';
import type { WantedLicence } from '../../models/model-licence.ts';
import type { WorkerErrorMessage } from '../../runtime/worker-error.ts';
import type { LanguageModelMemory } from '../../text/language-model/language-model.ts';
import type { BatchResult, ImageToRead } from './read-batch.ts';
import type { ServedModel } from '../reading-service.ts';

/** What a thread that reads is started with. */
export interface ReadWorkerData {
  /** Names or folders. */
  readonly models: readonly string[];
  /** Files. */
  readonly adapters?: readonly string[];
  readonly threads: number;
  readonly languageModel?: string | false;
  /** What another thread has read of that file already. */
  readonly languageModelMemory?: LanguageModelMemory;
  readonly licence?: WantedLicence;
  readonly limits?: Partial<ImageLimits>;
  /** Whether readings are measured for monitoring. */
  readonly measure?: boolean;
}

/** A batch for a thread; the images' memory is handed over. */
export interface ReadRequest {
  readonly id: number;
  readonly images: readonly ImageToRead[];
}

/** What a thread has loaded. */
export interface LoadedModels {
  readonly models: readonly ServedModel[];
  /** Absent where no model wants it. */
  readonly languageModelMemory: LanguageModelMemory | undefined;
}

/** What a thread posts. */
export type ReadMessage =
  | ({ readonly type: 'ready' } & LoadedModels)
  | { readonly type: 'unable'; readonly error: WorkerErrorMessage }
  | { readonly type: 'read'; readonly id: number; readonly result: BatchResult }
  | { readonly type: 'failed'; readonly id: number; readonly error: WorkerErrorMessage };
