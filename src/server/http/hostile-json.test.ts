import { connect } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { json, runServer, sampleDataUrl } from '../testing/run-server.ts';

const server = await runServer();
afterAll(() => server.close());

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

/** The answer to a request that announces 20 MB of JSON and sends only `start` of it. */
async function answerToStart(path: string, start: string): Promise<Refusal> {
  const socket = connect(server.port, '127.0.0.1');
  let answer = '';
  socket.on('error', () => {}).on('data', (data) => (answer += data));
  const ended = new Promise((resolve) => socket.on('end', resolve));
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20000000\r\n\r\n`;
  socket.write(head + start);
  await ended;
  socket.destroy();
  return {
    status: Number(answer.split(' ')[1]),
    ...(JSON.parse(/\{.*\}/s.exec(answer)![0]) as Omit<Refusal, 'status'>),
  };
}

test.each([
  ['a list of zeros', '/v1/predict/batch', `{"images":[${'0,'.repeat(50_000)}`, 'bytes outside of strings'],
  ['a list of lists', '/v1/predict/batch', '{"images":[[],[],[['.padEnd(2000, '['), 'nested more than 8 deep'],
  ['a list of empty strings', '/v1/predict/batch', `{"images":[${'"",'.repeat(40_000)}`, 'more than 65536'],
  ['brackets', '/v1/predict', '['.repeat(2000), 'nested more than 8 deep'],
  ['objects', '/v1/predict', '{"a":'.repeat(2000), 'nested more than 8 deep'],
  ['white space', '/v1/predict', ' '.repeat(100_000), 'bytes outside of strings'],
])('%s is refused while it arrives', async (_, path, start, detail) => {
  expect(await answerToStart(path, start)).toMatchObject({
    status: 400,
    code: 'INVALID_REQUEST',
    detail: expect.stringContaining(detail),
  });
});

test('a batch of 32 images passes', async () => {
  const images = Array.from({ length: 32 }, () => sampleDataUrl('digit-2'));
  const response = await fetch(`${server.url}/v1/predict/batch`, json({ images }));
  const { predictions } = (await response.json()) as { predictions: { pred: string }[] };
  expect(predictions.map(({ pred }) => pred)).toEqual(Array.from({ length: 32 }, () => '2'));
});
