import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ProblemError } from './problem.ts';
import { checkNames } from './request-parameters.ts';

/** Refuses what would be skipped silently otherwise: parameters that are unknown, and bodies that are compressed. */
export async function checkRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const schema = request.routeOptions.schema?.querystring as z.ZodObject | undefined;
  checkNames(Object.keys(request.query as object), Object.keys(schema?.shape ?? {}), 'the query');
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() === 'identity') return;
  reply.header('accept-encoding', 'identity');
  throw new ProblemError(
    'UNSUPPORTED_MEDIA_TYPE',
    `Bodies are taken as they are, not with Content-Encoding: ${encoding.slice(0, 50)}. Images are compressed in themselves.`,
  );
}
