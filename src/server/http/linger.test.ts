import { connect } from 'node:net';
import { afterAll, expect, test, vi } from 'vitest';
import { runServer } from '../testing/run-server.ts';

const server = await runServer({ maxBytes: 100_000 });
afterAll(() => server.close());

test('a client that sends all before it reads, as many do, reads why it was refused', async () => {
  const body = Buffer.alloc(20_000_000);
  for (let i = 0; i < 5; i++) {
    const socket = connect(server.port, '127.0.0.1').pause();
    let [answer, fault] = ['', ''];
    socket.on('error', ({ message }) => (fault = message)).on('data', (data) => (answer += data));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.write(
      `POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    socket.write(body, () => socket.resume());
    await closed;
    expect(fault).toBe('');
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*"code":"IMAGE_TOO_LARGE"/s);
  }
});

test('one that never ends is not listened to for long', async () => {
  const socket = connect(server.port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.on('close', resolve));
  let answer = '';
  socket.on('error', () => {}).on('data', (data) => (answer += data));
  socket.write('POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 9000000000\r\n\r\n');
  const sending = setInterval(() => socket.write(Buffer.alloc(1000)), 20);
  await closed;
  clearInterval(sending);
  expect(answer).toMatch(/^HTTP\/1\.1 413 .*"code":"IMAGE_TOO_LARGE"/s);
  await vi.waitFor(async () => expect(await server.connections()).toBeLessThan(2), 5000);
});
