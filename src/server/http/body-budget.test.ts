import { connect, type Socket } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { answerOf, formOf, json, raw, runServer, sampleDataUrl, sampleImage } from '../testing/run-server.ts';

/** One batch may have 282,052 bytes, so this is little more than three images of the largest size. */
const maxBodyBytes = 300_000;
const server = await runServer({ maxBytes: 100_000, maxBodyBytes });
afterAll(() => server.close());

const chunk = Buffer.alloc(90_000);

/** A request that announces `length` bytes, or chunks, and sends 90,000 of them; resolves once they are sent. */
async function hold(type: string, length: number | undefined, start = ''): Promise<Socket> {
  const size = length === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  const path = type.startsWith('multipart/') ? '/v1/predict/batch' : '/v1/predict';
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\n${size}\r\n\r\n${start}`);
  const body = length === undefined ? Buffer.concat([Buffer.from('15f90\r\n'), chunk]) : chunk;
  await new Promise<void>((resolve) => socket.write(body, () => resolve()));
  return socket;
}

/** What a request of `bytes` bytes that are no image is answered with: 415 if it was read. */
const ask = async (bytes: number): Promise<Response> =>
  await fetch(`${server.url}/v1/predict`, raw(new Uint8Array(bytes), 'application/octet-stream'));

/** Waits until a request that only announces `bytes` bytes, and so disturbs nobody, is refused. */
async function untilFull(bytes: number): Promise<void> {
  for (let tries = 0, isFull = false; !isFull; tries++) {
    expect(tries).toBeLessThan(100);
    const socket = connect(server.port, '127.0.0.1');
    const answer = new Promise<boolean>((resolve) =>
      socket.once('data', (data) => resolve(String(data).includes('503'))),
    );
    socket.write(`POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: ${bytes}\r\n\r\n`);
    isFull = await Promise.race([answer, new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 100))]);
    socket.destroy();
  }
}

/** Waits until nothing is held: a body of nearly the whole budget is read. */
async function untilEmpty(): Promise<void> {
  const images = [95_000, 95_000, 85_000].map((bytes) => new Uint8Array(bytes));
  const isRead = async (): Promise<boolean> => {
    const form = { method: 'POST', body: formOf(...images) };
    return (await fetch(`${server.url}/v1/predict/batch`, form)).status === 200;
  };
  for (let tries = 0; !(await isRead()); tries++) {
    expect(tries).toBeLessThan(100);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const part = '--b\r\nContent-Disposition: form-data; name="images"; filename="a.png"\r\n\r\n';

test.each<[string, () => Promise<Socket>]>([
  ['images', () => hold('image/png', 95_000)],
  ['JSON', () => hold('application/json', 95_000, '{"image":"')],
  ['bodies of unknown length', () => hold('image/png', undefined)],
  ['forms', () => hold('multipart/form-data; boundary=b', 95_000, part)],
])('%s that are on their way are counted, until their clients go', async (_, start) => {
  const sockets = await Promise.all([start(), start(), start()]);
  await untilFull(40_000);
  const busy = await ask(40_000);
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '1']);
  const { code, detail } = await answerOf(busy);
  expect(code).toBe('OVERLOADED');
  expect(detail).toMatch(/^Other requests hold 27\d{4} bytes of 300000 bytes; 40000 bytes more have no room now/);
  // What is small is read all the same.
  const small = await fetch(`${server.url}/v1/predict`, raw(sampleImage('digit-2')));
  expect(await small.json()).toMatchObject({ pred: '2' });
  for (const socket of sockets) socket.destroy();
  await untilEmpty();
});

test('what is announced and not sent takes nothing from others', async () => {
  const sockets = Array.from({ length: 20 }, () => connect(server.port, '127.0.0.1'));
  for (const socket of sockets) {
    socket.write('POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 100000\r\n\r\n');
  }
  expect((await ask(100_000)).status).toBe(415);
  for (const socket of sockets) socket.destroy();
  await untilEmpty();
});

test('a body that meets a full house midway is told so', async () => {
  const sockets = await Promise.all([1, 2, 3].map(() => hold('image/png', 95_000)));
  await untilFull(40_000);
  const late = await hold('image/png', undefined);
  const answer = await new Promise<string>((resolve) => late.once('data', (data) => resolve(String(data))));
  expect(answer).toMatch(/^HTTP\/1\.1 503 .*"code":"OVERLOADED"/s);
  for (const socket of [...sockets, late]) socket.destroy();
  await untilEmpty();
});

test('answered requests leave nothing behind, in whatever form they came', async () => {
  const image = sampleImage('digit-2');
  for (let i = 0; i < 60; i++) {
    const inits = [raw(image), json({ image: sampleDataUrl('digit-2') }), { method: 'POST', body: formOf(image) }];
    const answers = await Promise.all(inits.map((init) => fetch(`${server.url}/v1/predict`, init)));
    for (const response of answers) expect((await answerOf(response)).pred).toBe('2');
  }
  await untilEmpty();
});

/** The answer to a whole request on a socket: fetch may give up where it is refused before it is sent, and not read why. */
async function refusalOf(head: string, body: Uint8Array): Promise<{ status: number; code: string }> {
  const socket = connect(server.port, '127.0.0.1');
  let answer = '';
  socket.on('error', () => {}).on('data', (data) => (answer += data));
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write(`POST /v1/predict/batch HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`);
  socket.write(body);
  await closed;
  const { code } = JSON.parse(/\{.*\}/s.exec(answer)![0]) as { code: string };
  return { status: Number(answer.split(' ')[1]), code };
}

test('a batch has a limit, as JSON and as a form, whether it announces its length or not', async () => {
  const images = Array.from({ length: 4 }, () => new Uint8Array(95_000));
  const refusal = { status: 413, code: 'IMAGE_TOO_LARGE' };
  const form = new Request(server.url, { method: 'POST', body: formOf(...images) });
  const type = `Content-Type: ${form.headers.get('content-type')}`;
  const body = new Uint8Array(await form.arrayBuffer());
  expect(await refusalOf(`${type}\r\nContent-Length: ${body.length}`, body)).toEqual(refusal);
  const chunked = [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')];
  expect(await refusalOf(`${type}\r\nTransfer-Encoding: chunked`, Buffer.concat(chunked))).toEqual(refusal);
  const text = Buffer.from(JSON.stringify({ images: images.map(() => `data:;base64,${'A'.repeat(90_000)}`) }));
  const asJson = `Content-Type: application/json\r\nContent-Length: ${text.length}`;
  expect(await refusalOf(asJson, text)).toEqual(refusal);
});

test('a budget in which no batch would have room is refused at the start', async () => {
  await expect(runServer({ maxBodyBytes: 1e6 })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('one batch has up to 42.7 MiB'),
  });
});
