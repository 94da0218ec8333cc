import { connect, type Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { runServer, type RunningServer } from '../testing/run-server.ts';

const upload = 'POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 5000\r\n\r\nabc';

/** A connection on which `text` was sent and nothing more. */
async function connectAndSend({ port }: RunningServer, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  if (text !== '') await new Promise((resolve) => socket.write(text, resolve));
  return socket;
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));

test.each([
  ['nothing was sent', ''],
  ['half a head was sent', 'POST /v1/predict HTTP/1.1\r\nHost: x\r\n'],
])('a connection on which %s is closed at once', async (_, text) => {
  // The test would time out if it were waited for.
  const server = await runServer({ drainMs: 600_000, requestTimeoutMs: 600_000 });
  const socket = await connectAndSend(server, text);
  const end = closed(socket);
  await vi.waitFor(async () => expect(await server.connections()).toBe(1));
  await server.close();
  await end;
});

test('a connection that was answered and is kept alive is closed at once', async () => {
  const server = await runServer({ drainMs: 600_000 });
  const socket = await connectAndSend(server, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  const end = closed(socket);
  await new Promise((resolve) => socket.once('data', resolve));
  await server.close();
  await end;
});

test('an upload that stalls is broken off when the time to drain is over', async () => {
  const server = await runServer({ drainMs: 200, requestTimeoutMs: 600_000 });
  const socket = await connectAndSend(server, upload);
  const end = closed(socket);
  await vi.waitFor(() => expect(server.requests()).toBe(1));
  const before = performance.now();
  await server.close();
  // It had its time: a timer of 200 ms never ends before 199.
  expect(performance.now() - before).toBeGreaterThanOrEqual(199);
  await end;
});

test('an upload that goes on is answered before the connection ends', async () => {
  const server = await runServer({ drainMs: 600_000, requestTimeoutMs: 600_000 });
  const socket = await connectAndSend(server, upload);
  let answer = '';
  socket.on('data', (data) => (answer += data));
  const end = closed(socket);
  await vi.waitFor(() => expect(server.requests()).toBe(1));
  const closing = server.close();
  socket.write(Buffer.alloc(4997, 'x'));
  await Promise.all([closing, end]);
  expect(answer).toMatch(/^HTTP\/1\.1 415 .*connection: close.*"code":"UNSUPPORTED_IMAGE"/s);
});

test('the log says that an upload was broken off, but of no failure', async () => {
  const lines: string[] = [];
  const logStream = { write: (line: string) => void lines.push(line) };
  const server = await runServer({ drainMs: 50, requestTimeoutMs: 600_000, logLevel: 'info', logStream });
  await connectAndSend(server, upload);
  await vi.waitFor(() => expect(server.requests()).toBe(1));
  await server.close();
  await vi.waitFor(() => expect(lines.join('')).toContain('"code":"CLIENT_GONE"'), 10_000);
  expect(lines.filter((line) => JSON.parse(line).level > 30)).toEqual([]);
});
