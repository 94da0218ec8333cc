/** Every error this library throws on purpose, by code: what went wrong, in a word that programs can test. */
export type ErrorCode =
  | 'INVALID_ARGUMENT'
  | 'INVALID_IMAGE'
  | 'UNSUPPORTED_IMAGE'
  | 'IMAGE_TOO_LARGE'
  | 'SEVERAL_LINES'
  | 'FILE_NOT_FOUND'
  | 'FILE_CORRUPT'
  | 'CHECKSUM_MISMATCH'
  | 'DOWNLOAD_FAILED'
  | 'DISK_FULL'
  | 'FILE_NOT_WRITABLE'
  | 'FOLDER_IN_USE'
  | 'DATASET_NOT_FOUND'
  | 'DATASET_INVALID'
  | 'MODEL_NOT_FOUND'
  | 'MODEL_INVALID'
  | 'UNSUPPORTED_DECODER'
  | 'PROMOTION_REFUSED'
  | 'TRACKER_FAILED'
  | 'ADAPTATION_REFUSED'
  | 'SHAPE_MISMATCH'
  | 'DEVICE_UNAVAILABLE'
  | 'CHECKPOINT_INVALID'
  | 'WORKER_FAILED'
  | 'QUEUE_UNAVAILABLE'
  | 'STORE_UNAVAILABLE'
  | 'RUN_TAKEN_OVER'
  | 'REPLICA_LOST'
  | 'PACKAGE_MISSING'
  | 'PORT_UNAVAILABLE'
  | 'TRAINING_DIVERGED';

/** An error whose message says what was wrong, with what value, and how to fix it. */
export class TextRecognizerError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'TextRecognizerError';
    this.code = code;
  }
}
