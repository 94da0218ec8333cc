import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { linger } from './linger.ts';
import { ProblemError, toProblem, type ProblemCode } from './problem.ts';

/** Answers every error, also those of routing, as problem details. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => sendProblem(reply, request, error));
  app.setNotFoundHandler((request, reply) => sendProblem(reply, request, notFound(app, request, reply)));
}

/** Takes over two answers that Node would give by itself, without a problem: to no `Host`, and to an unknown `Expect`. */
export function answerOddHeaders(app: FastifyInstance): void {
  app.server.on('checkExpectation', app.routing);
  app.addHook('onRequest', async ({ headers, raw }) => {
    if (headers.host !== undefined || raw.httpVersion === '1.0') return;
    throw new ProblemError('INVALID_REQUEST', 'The request has no Host header, which HTTP/1.1 asks for.');
  });
}

/** Sends an error as `application/problem+json`, and logs it when it is the service's fault. */
export function sendProblem(reply: FastifyReply, request: FastifyRequest, error: unknown): FastifyReply {
  const problem = problemOf(request, error);
  if (problem.code === 'INTERNAL') request.log.error(error);
  // Nobody gets this answer, so nothing else says what became of the request.
  if (problem.code === 'CLIENT_GONE') request.log.info({ code: problem.code }, problem.message);
  if (problem.retryAfter !== undefined) reply.header('retry-after', String(Math.max(1, problem.retryAfter)));
  if (problem.code === 'UNAUTHORIZED') reply.header('www-authenticate', 'Bearer');
  // What is left of a body that is not wanted is not waited for.
  const isRefusedMidway = problem.status === 400 && !request.raw.complete;
  if (problem.status === 413 || problem.status === 503 || isRefusedMidway) {
    reply.header('connection', 'close');
    linger(request.raw);
  }
  return reply
    .code(problem.status)
    .header('x-request-id', request.id)
    .type('application/problem+json')
    .send(JSON.stringify({ ...problem.details(), request_id: request.id }));
}

function problemOf(request: FastifyRequest, error: unknown): ProblemError {
  if (isMediaTypeError(error)) return mediaTypeProblem(request);
  const problem = toProblem(error);
  const { complete, destroyed } = request.raw;
  if (problem.code !== 'INTERNAL' || complete || !destroyed) return problem;
  // By its client, or because it stalled while the service stops: what reads the body then says that it was aborted.
  return new ProblemError('CLIENT_GONE', 'The request was broken off before it had come whole.', { cause: error });
}

/** Answers on a bare socket what Node could not parse as a request, or what came too slowly. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const codes: Readonly<Record<string, ProblemCode>> = {
    ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
    HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  };
  const code = codes[error.code ?? ''] ?? 'INVALID_REQUEST';
  const problem = new ProblemError(code, `The request cannot be taken: ${error.message}.`);
  const body = JSON.stringify(problem.details());
  const head = [
    `HTTP/1.1 ${problem.status} ${code}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function isMediaTypeError(error: unknown): boolean {
  return (error as Partial<FastifyError> | null)?.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE';
}

function mediaTypeProblem({ headers }: FastifyRequest): ProblemError {
  const got = String(headers['content-type'] ?? 'none').slice(0, 100);
  return new ProblemError(
    'UNSUPPORTED_MEDIA_TYPE',
    'Send the image itself with its own type (Content-Type: image/png), or application/json, or multipart/form-data; ' +
      `the Content-Type was ${got}.`,
  );
}

function notFound(app: FastifyInstance, { method, url }: FastifyRequest, reply: FastifyReply): ProblemError {
  const [path] = url.split('?', 1);
  const known = ['GET', 'POST'].filter((other) => app.hasRoute({ method: other as 'GET' | 'POST', url: path }));
  if (known.length > 0) {
    reply.header('allow', known.join(', '));
    return new ProblemError(
      'METHOD_NOT_ALLOWED',
      `${path.slice(0, 200)} answers ${known.join(' and ')}, not ${method}.`,
    );
  }
  const where = app.hasRoute({ method: 'GET', url: '/openapi.json' }) ? 'see /docs' : 'the API is below /v1';
  return new ProblemError('NOT_FOUND', `There is nothing at ${path.slice(0, 200)}; ${where}.`);
}
