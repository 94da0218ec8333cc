import { connect, type Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Random } from '../../random/random.ts';
import { expectNothingHeld, tightLimits } from '../testing/held.ts';
import { raw, runServer, sampleDataUrl, sampleImage, type RunningServer } from '../testing/run-server.ts';

/** `TEXT_RECOGNIZER_FUZZ=10000 npm test -- src/server/aborted-uploads.test.ts` breaks off 1,000. */
const count = Math.ceil(Number(process.env.TEXT_RECOGNIZER_FUZZ ?? 1500) / 10);
const atOnce = 20;
const mebibyte = 2 ** 20;
const lineModel = 'line-recognizer';

vi.setConfig({ testTimeout: 60_000 + 1000 * count });

let server: RunningServer;

beforeAll(async () => {
  server = await runServer(tightLimits, { models: ['mlp', lineModel], deadlineMs: 60_000 });
});

afterAll(() => server.close());

function requestOf(path: string, type: string, body: Buffer, size = `Content-Length: ${body.length}`): Request {
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\n${size}\r\n\r\n`;
  return { bytes: Buffer.concat([Buffer.from(head), body]), headLength: head.length };
}

interface Request {
  readonly bytes: Buffer;
  readonly headLength: number;
}

const line = readFileSync(new URL('../../../data/line-sample/your-merchandise.png', import.meta.url));
const form = Buffer.concat([
  Buffer.from('--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'),
  sampleImage('digit-2'),
  Buffer.from('\r\n--b--\r\n'),
]);
const chunked = Buffer.concat([Buffer.from(`${line.length.toString(16)}\r\n`), line, Buffer.from('\r\n0\r\n\r\n')]);
const images = Buffer.from(JSON.stringify({ images: Array.from({ length: 8 }, () => sampleDataUrl('upper-A')) }));
const requests: readonly Request[] = [
  requestOf('/v1/predict', 'image/png', sampleImage('digit-2')),
  requestOf('/v1/predict', 'application/json', Buffer.from(JSON.stringify({ image: sampleDataUrl('digit-7') }))),
  requestOf('/v1/predict', 'multipart/form-data; boundary=b', form),
  requestOf('/v1/predict/batch', 'application/json', images),
  requestOf(`/v1/predict?model=${lineModel}`, 'image/png', line),
  requestOf(`/v1/predict?model=${lineModel}&decoder=lm`, 'image/png', chunked, 'Transfer-Encoding: chunked'),
];

const open = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });

const send = (socket: Socket, bytes: Buffer): Promise<void> =>
  new Promise((resolve) => socket.write(bytes, () => resolve()));

type Moment = (socket: Socket, request: Request, random: Random) => Promise<unknown>;

/** When a client may go; each sends what comes before that. */
const moments: Readonly<Record<string, Moment>> = {
  'before the headers end': (socket, { bytes, headLength }, random) =>
    send(socket, bytes.subarray(0, random.below(headLength))),
  'in the body': (socket, { bytes, headLength }, random) =>
    send(socket, bytes.subarray(0, headLength + random.below(bytes.length - headLength))),
  'while the answer is computed': async (socket, { bytes }, random) => {
    await send(socket, bytes);
    await sleep(random.below(30));
  },
  'as the answer arrives': async (socket, { bytes }) => {
    const answered = new Promise((resolve) => socket.once('data', resolve));
    await send(socket, bytes);
    await answered;
  },
  'with requests in line behind the first': async (socket, { bytes }, random) => {
    const behind = requests[random.below(requests.length)].bytes;
    await send(socket, Buffer.concat([bytes, behind, behind, behind.subarray(0, random.below(behind.length))]));
    await sleep(random.below(30));
  },
};

async function breakOff(moment: Moment, i: number): Promise<void> {
  const random = Random.of(1000, i);
  const socket = await open();
  socket.on('error', () => {});
  await moment(socket, requests[random.below(requests.length)], random);
  if (random.uniform() < 0.5) socket.resetAndDestroy();
  else socket.destroy();
}

test(`${count} uploads that break off leave nothing behind, and others are served meanwhile`, async () => {
  const all = Object.values(moments);
  const started = performance.now();
  let [served, settled] = [0, 0];
  for (let i = 0; i < count; i += atOnce) {
    const uploads = Array.from({ length: Math.min(atOnce, count - i) }, (_, j) => breakOff(all[(i + j) % 5], i + j));
    const other = await fetch(`${server.url}/v1/predict`, raw(sampleImage('digit-2')));
    expect(await other.json()).toMatchObject({ pred: '2' });
    served++;
    await Promise.all(uploads);
    if (settled === 0 && i > count / 3) settled = process.memoryUsage.rss();
  }
  const [seconds, rss] = [Math.round((performance.now() - started) / 1000), process.memoryUsage.rss()];
  await expectNothingHeld(server);
  // What is left are the connections that `fetch` keeps.
  await vi.waitFor(async () => expect(await server.connections()).toBeLessThan(3), 10_000);
  const memory = `${Math.round(settled / mebibyte)} MiB after a third, ${Math.round(rss / mebibyte)} MiB at the end`;
  if (count > 200) console.log(`${count} uploads broken off in ${seconds} s, ${served} others served; ${memory}`);
  expect(rss - settled).toBeLessThan(256 * mebibyte);
});

test('a client that goes frees also what it sent behind a request that is being answered', async () => {
  const dataUrl = `data:image/png;base64,${line.toString('base64')}`;
  const lines = Buffer.from(JSON.stringify({ images: Array.from({ length: 32 }, () => dataUrl) }));
  const first = requestOf(`/v1/predict/batch?model=${lineModel}&decoder=lm`, 'application/json', lines);
  const behind = requestOf('/v1/predict', 'image/png', Buffer.alloc(500_000));
  for (let i = 0; i < 3; i++) {
    const socket = await open();
    await send(socket, Buffer.concat([first.bytes, behind.bytes.subarray(0, -1)]));
    await vi.waitFor(() => expect(server.pool.accepted).toBe(32), { interval: 5, timeout: 10_000 });
    socket.destroy();
    await vi.waitFor(() => expect(server.pool.accepted).toBe(0), 10_000);
  }
  await expectNothingHeld(server);
});
