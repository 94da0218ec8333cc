import { expect, test } from 'vitest';
import { runServer, raw, sampleImage } from '../testing/run-server.ts';

test('a fault of the watcher is logged, and the image is answered', async () => {
  const log: string[] = [];
  const fail = (): never => {
    throw new Error('a fault of the watcher');
  };
  const server = await runServer({
    watcher: { read: fail, failed: fail, answered: () => {} },
    logLevel: 'info',
    logStream: { write: (line) => void log.push(line) },
  });
  const read = await fetch(`${server.url}/v1/predict`, raw(sampleImage('digit-2')));
  expect([read.status, await read.json()]).toMatchObject([200, { pred: '2' }]);
  const cut = await fetch(`${server.url}/v1/predict`, raw(new Uint8Array(sampleImage('digit-2').subarray(0, 200))));
  expect(cut.status).toBe(422);
  expect(log.filter((line) => line.includes('a fault of the watcher'))).toHaveLength(2);
  await server.close();
});
