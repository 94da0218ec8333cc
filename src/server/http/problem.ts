import { TextRecognizerError, type ErrorCode } from '../../errors.ts';

/** Every way in which the service refuses or fails, with its HTTP status: the one table of its error codes. */
export const problems = {
  INVALID_REQUEST: { status: 400, title: 'The request is malformed' },
  UNAUTHORIZED: { status: 401, title: 'An API key is needed' },
  IMAGE_URL_OFF: { status: 403, title: 'Images are not fetched from addresses here' },
  NOT_FOUND: { status: 404, title: 'There is nothing at this address' },
  MODEL_NOT_FOUND: { status: 404, title: 'There is no such model' },
  READING_NOT_FOUND: { status: 404, title: 'The reading is not remembered' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The address does not answer this method' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request came too slowly' },
  IMAGE_TOO_LARGE: { status: 413, title: 'The image is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The body is in no form that is understood' },
  UNSUPPORTED_IMAGE: { status: 415, title: 'The image is in no format that is read' },
  INVALID_IMAGE: { status: 422, title: 'The image cannot be decoded' },
  UNSUPPORTED_DECODER: { status: 422, title: 'The model cannot decode like that' },
  SEVERAL_LINES: { status: 422, title: 'The image holds several lines' },
  IMAGE_URL_REFUSED: { status: 422, title: 'The address of the image is not allowed' },
  IMAGE_URL_FAILED: { status: 422, title: 'The image cannot be fetched' },
  RATE_LIMITED: { status: 429, title: 'There were too many requests' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
  CLIENT_GONE: { status: 499, title: 'The client went before the answer' },
  INTERNAL: { status: 500, title: 'The service failed' },
  OVERLOADED: { status: 503, title: 'The service is busy' },
  DEADLINE_EXCEEDED: { status: 503, title: 'The answer would have come too late' },
  NOT_READY: { status: 503, title: 'The service is not ready' },
  FEEDBACK_FULL: { status: 507, title: 'Nothing more can be kept' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof problems;

/** Problem details for HTTP APIs (RFC 9457), with the code from the table as an extension member. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
}

/** An answer other than the one asked for; `retryAfter` is in whole seconds. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly retryAfter: number | undefined;

  constructor(code: ProblemCode, detail: string, options?: { cause?: unknown; retryAfter?: number }) {
    super(detail, options);
    this.name = 'ProblemError';
    this.code = code;
    this.retryAfter = options?.retryAfter;
  }

  get status(): number {
    return problems[this.code].status;
  }

  details(): ProblemDetails {
    const { status, title } = problems[this.code];
    const type = `urn:text-recognizer:problem:${this.code.toLowerCase().replaceAll('_', '-')}`;
    return { type, title, status, code: this.code, detail: this.message };
  }
}

const codesOfErrors: Partial<Record<ErrorCode, ProblemCode>> = {
  INVALID_ARGUMENT: 'INVALID_REQUEST',
  INVALID_IMAGE: 'INVALID_IMAGE',
  UNSUPPORTED_IMAGE: 'UNSUPPORTED_IMAGE',
  IMAGE_TOO_LARGE: 'IMAGE_TOO_LARGE',
  SEVERAL_LINES: 'SEVERAL_LINES',
  MODEL_NOT_FOUND: 'MODEL_NOT_FOUND',
  UNSUPPORTED_DECODER: 'UNSUPPORTED_DECODER',
};

const codesOfFastify: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'IMAGE_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_REQ_FILE_TOO_LARGE: 'IMAGE_TOO_LARGE',
};

/** The problem that any error amounts to; what is not the fault of the request becomes INTERNAL, without its message. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof TextRecognizerError) {
    const code = codesOfErrors[error.code];
    if (code !== undefined) return new ProblemError(code, error.message, { cause: error });
  }
  if (isFastifyError(error)) {
    const code = codesOfFastify[error.code];
    if (code !== undefined) return new ProblemError(code, error.message, { cause: error });
    const isOfClient = error.statusCode >= 400 && error.statusCode < 500;
    if (isOfClient) return new ProblemError('INVALID_REQUEST', error.message, { cause: error });
  }
  return new ProblemError('INTERNAL', 'The service failed; its log tells more under the id of this request.', {
    cause: error,
  });
}

function isFastifyError(error: unknown): error is Error & { code: string; statusCode: number } {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}
