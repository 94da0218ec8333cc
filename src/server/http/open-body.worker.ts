import { parentPort } from 'node:worker_threads';
import { IdleCollector } from '../../runtime/idle-collector.ts';
import { bytesOf, openBody, piecesOf } from './open-body.ts';
import type { OpenMessage, OpenRequest } from './body-opener.ts';
import { toProblem } from './problem.ts';
import { yieldPriority } from '../pool/yield-priority.ts';

const collector = new IdleCollector();

async function answer({ id, body, limits }: OpenRequest): Promise<void> {
  const bytes = bytesOf(piecesOf(body));
  try {
    const opened = await openBody(body, limits);
    const memory = opened.items.flatMap((item) => ('bytes' in item ? [item.bytes.buffer] : []));
    parentPort!.postMessage({ id, opened } satisfies OpenMessage, memory);
  } catch (error) {
    const { code, message } = toProblem(error);
    parentPort!.postMessage({ id, problem: { code, message } } satisfies OpenMessage);
  } finally {
    collector.release(bytes);
  }
}

yieldPriority();
// One body after the other, so that the memory of only one is held several times.
let last = Promise.resolve();
parentPort!.on('message', (request: OpenRequest) => (last = last.then(() => answer(request))));
