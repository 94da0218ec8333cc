import { once } from 'node:events';
import { expect, test } from 'vitest';
import { TextRecognizerError } from '../errors.ts';
import { spawnWorker } from './spawn-worker.ts';
import { fromErrorMessage, toErrorMessage, type WorkerErrorMessage } from './worker-error.ts';

test('a TypeScript module runs on a thread, and its errors come back with their code', async () => {
  const worker = spawnWorker(new URL('./testing/echo.worker.ts', import.meta.url), { workerData: { answer: 42 } });
  const messages: unknown[] = [];
  worker.on('message', (message) => messages.push(message));
  expect(await once(worker, 'exit')).toEqual([0]);
  expect(messages[0]).toEqual({ answer: 42 });
  const error = fromErrorMessage(messages[1] as WorkerErrorMessage);
  expect(error).toBeInstanceOf(TextRecognizerError);
  expect(error).toMatchObject({ code: 'FILE_CORRUPT', message: 'broken' });
  expect(error.cause).toContain('echo.worker.ts');
});

test('a module that is not there is an error event', async () => {
  const worker = spawnWorker(new URL('./testing/none.worker.ts', import.meta.url));
  const [error] = await once(worker, 'error');
  expect(error.message).toContain('none.worker.ts');
});

test('what is no TextRecognizerError gets a code of its own', () => {
  expect(toErrorMessage(new RangeError('too far'))).toMatchObject({ code: 'WORKER_FAILED', message: 'too far' });
  expect(toErrorMessage('just text')).toMatchObject({ code: 'WORKER_FAILED', message: 'just text' });
});
