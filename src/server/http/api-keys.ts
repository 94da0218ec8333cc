import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { parseKeyHashes } from '../../options/parse-values.ts';
import { ProblemError } from './problem.ts';

/** The hash under which a key is kept: keys are long and random, so one round of SHA-256 is enough. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** A check for `Authorization: Bearer KEY` or `X-API-Key: KEY`; throws INVALID_ARGUMENT unless all hashes are SHA-256. */
export function requireApiKey(hashes: readonly string[]): (request: FastifyRequest) => Promise<void> {
  const known = hashes.flatMap(parseKeyHashes).map((hash) => Buffer.from(hash, 'hex'));
  return async ({ headers }) => {
    const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
    const key = bearer ?? headers['x-api-key'];
    if (typeof key === 'string') {
      const digest = Buffer.from(hashApiKey(key), 'hex');
      // Looks at all of them, so that the time taken does not tell which one it was.
      if (known.filter((hash) => timingSafeEqual(hash, digest)).length > 0) return;
    }
    throw new ProblemError('UNAUTHORIZED', 'Send a valid key as "Authorization: Bearer KEY" or "X-API-Key: KEY".');
  };
}
