import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BodyBlocks } from './body-blocks.ts';
import { bodyPace } from './body-pace.ts';
import { JsonGuard } from './json-guard.ts';
import type { EncodedBody, Pieces } from './open-body.ts';

/** Told of the bytes of a body as they arrive; what it throws refuses the request. */
export type OnBytes = (request: FastifyRequest, bytes: number) => void;

/**
 * Makes JSON and images arrive as an `EncodedBody`: as the pieces that came, which are neither joined nor parsed on the thread that
 * answers.
 */
export function receiveBodies(app: FastifyInstance, onBytes: OnBytes): void {
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: Readable) => {
    const guard = new JsonGuard();
    return { kind: 'json', pieces: await receive(request, payload, onBytes, guard) } satisfies EncodedBody;
  });
  for (const type of [/^image\//, 'application/pdf', 'application/octet-stream']) {
    app.addContentTypeParser(type, async (request: FastifyRequest, payload: Readable) => {
      return { kind: 'files', files: [await receive(request, payload, onBytes)] } satisfies EncodedBody;
    });
  }
}

async function receive(
  request: FastifyRequest,
  payload: Readable,
  onBytes: OnBytes,
  guard?: JsonGuard,
): Promise<Pieces> {
  const blocks = new BodyBlocks();
  // Otherwise a refusal would end the connection before it is answered.
  for await (const piece of payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    onBytes(request, piece.length);
    guard?.check(piece);
    blocks.add(piece);
    await bodyPace.take(piece.length, blocks.bytes);
  }
  return blocks.pieces();
}
