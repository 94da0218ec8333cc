import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test, vi } from 'vitest';
import { runServer } from '../testing/run-server.ts';

const server = await runServer({ maxBytes: 100_000 });
const impatient = await runServer({ maxBytes: 100_000, requestTimeoutMs: 1000 });
afterAll(() => Promise.all([server.close(), impatient.close()]));

const head = (bytes: number) =>
  `POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: ${bytes}\r\n\r\n`;

test('clients that send all before they read, as many do, read why they were refused', async () => {
  const body = Buffer.alloc(20_000_000);
  const ask = async (): Promise<string> => {
    const socket = connect(server.port, '127.0.0.1').pause();
    socket.write(head(body.length));
    await new Promise((resolve) => socket.write(body, resolve));
    return await text(socket);
  };
  for (const answer of await Promise.all(Array.from({ length: 5 }, ask))) {
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*"code":"IMAGE_TOO_LARGE"/s);
  }
});

test('one that never ends is not listened to for longer than a request may take', async () => {
  const socket = connect({ port: impatient.port, host: '127.0.0.1', allowHalfOpen: true });
  const closed = new Promise((resolve) => socket.on('close', resolve));
  let answer = '';
  socket.on('error', () => {}).on('data', (data) => (answer += data));
  socket.write(head(9e9));
  const sending = setInterval(() => socket.write(Buffer.alloc(1000)), 20);
  await closed;
  clearInterval(sending);
  expect(answer).toMatch(/^HTTP\/1\.1 413 .*"code":"IMAGE_TOO_LARGE"/s);
  await vi.waitFor(async () => expect(await impatient.connections()).toBe(0), 5000);
});
