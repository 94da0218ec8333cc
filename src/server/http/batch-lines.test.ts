import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { TextRecognizerError } from '../../errors.ts';
import { sampleReading } from '../../formats/testing/sample-reading.ts';
import type { TimedReading } from '../reading-service.ts';
import { batchLines, wantsLines } from './batch-lines.ts';

const timing = { queueMs: 1, decodeMs: 2, computeMs: 3, batchSize: 1 };
const timed = { reading: sampleReading, timing } as unknown as TimedReading;

test('a reading that is there is sent before one that is not', async () => {
  let finish: (reading: TimedReading) => void = () => undefined;
  const slow = new Promise<TimedReading>((resolve) => (finish = resolve));
  const stream = batchLines([slow, Promise.resolve(timed)], performance.now());
  const lines: { index: number }[] = [];
  for await (const line of stream) {
    lines.push(JSON.parse(String(line)));
    finish(timed);
  }
  expect(lines).toMatchObject([
    { index: 1, pred: 'Tom & l’été\n<ok>' },
    { index: 0, kind: 'page' },
  ]);
});

test('what fails has an error in its line', async () => {
  const failed = Promise.reject(new TextRecognizerError('INVALID_IMAGE', 'broken'));
  const line = JSON.parse(await text(batchLines([failed], performance.now())));
  expect(line).toMatchObject({ index: 0, error: { code: 'INVALID_IMAGE', detail: 'broken' } });
});

test.each([
  ['application/x-ndjson', true],
  ['text/html, Application/X-NDJSON;q=0.5', true],
  ['application/json', false],
  [undefined, false],
])('Accept: %s', (accept, wants) => expect(wantsLines(accept)).toBe(wants));
