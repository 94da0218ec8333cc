import { parentPort } from 'node:worker_threads';
import { openBody } from './open-body.ts';
import type { OpenMessage, OpenRequest } from './body-opener.ts';
import { toProblem } from './problem.ts';
import { yieldPriority } from '../pool/yield-priority.ts';

async function answer({ id, body, limits }: OpenRequest): Promise<void> {
  try {
    const opened = await openBody(body, limits);
    const memory = opened.items.flatMap((item) => ('bytes' in item ? [item.bytes.buffer] : []));
    parentPort!.postMessage({ id, opened } satisfies OpenMessage, memory);
  } catch (error) {
    const { code, message } = toProblem(error);
    parentPort!.postMessage({ id, problem: { code, message } } satisfies OpenMessage);
  }
}

yieldPriority();
// One body after the other, so that the memory of only one is held several times.
let last = Promise.resolve();
parentPort!.on('message', (request: OpenRequest) => (last = last.then(() => answer(request))));
