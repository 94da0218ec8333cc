import { TextRecognizerError, type ErrorCode } from '../errors.ts';

/** An error as it travels between threads: `postMessage` would lose its class and code. */
export interface WorkerErrorMessage {
  readonly code: ErrorCode;
  readonly message: string;
  readonly stack?: string;
}

/** What to post for an error that was caught on a worker thread. */
export function toErrorMessage(error: unknown): WorkerErrorMessage {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: error instanceof TextRecognizerError ? error.code : 'WORKER_FAILED', message, stack };
}

/** The error that a worker posted, its stack on that thread as the cause. */
export function fromErrorMessage({ code, message, stack }: WorkerErrorMessage): TextRecognizerError {
  return new TextRecognizerError(code, message, { cause: stack });
}
