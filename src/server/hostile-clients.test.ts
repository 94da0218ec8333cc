import { connect, type Socket } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { Random } from '../random/random.ts';
import { answerOf, raw, runServer, sampleDataUrl, sampleImage } from './testing/run-server.ts';

const server = await runServer({ requestTimeoutMs: 1500 });
afterAll(() => server.close());

const isWell = async (): Promise<void> => {
  const response = await fetch(`${server.url}/v1/predict`, raw(sampleImage('digit-2')));
  expect(await response.json()).toMatchObject({ pred: '2' });
};

/** An image with a few bytes changed, cut, doubled or added. */
function mutate(image: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const bytes = [...image];
  for (let n = 1 + random.below(4); n > 0; n--) {
    const at = random.below(bytes.length || 1);
    const length = random.below(20);
    const kind = random.below(5);
    if (kind === 0) bytes[at] = random.below(256);
    else if (kind === 1) bytes[at] ^= 1 << random.below(8);
    else if (kind === 2) bytes.splice(at, length);
    else if (kind === 3) bytes.splice(at, 0, ...bytes.slice(at, at + length));
    else bytes.length = at;
  }
  return Uint8Array.from(bytes);
}

test('mutated requests are read or refused, never a failure of the service', async () => {
  const count = Number(process.env.TEXT_RECOGNIZER_FUZZ ?? 300);
  const allowed = new Set([200, 400, 413, 415, 422]);
  const text = new TextEncoder();
  const forms: readonly (readonly [string, Uint8Array])[] = [
    ['image/png', sampleImage('digit-2')],
    ['application/json', text.encode(JSON.stringify({ image: sampleDataUrl('upper-A') }))],
    [
      'multipart/form-data; boundary=edge',
      Buffer.concat([
        text.encode('--edge\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'),
        sampleImage('digit-7'),
        text.encode('\r\n--edge--\r\n'),
      ]),
    ],
  ];
  const seen = new Map<number, number>();
  const one = async (i: number): Promise<void> => {
    const [type, body] = forms[i % forms.length];
    const response = await fetch(`${server.url}/v1/predict`, raw(mutate(body, Random.of(1, i)), type));
    await response.arrayBuffer();
    seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
    expect(allowed, `request ${i} gave ${response.status}`).toContain(response.status);
  };
  for (let i = 0; i < count; i += 16) {
    await Promise.all(Array.from({ length: Math.min(16, count - i) }, (_, j) => one(i + j)));
  }
  expect(seen.get(200)).toBeGreaterThan(0);
  expect(seen.get(400)).toBeGreaterThan(0);
  expect(seen.get(422)).toBeGreaterThan(0);
  await isWell();
});

const open = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });

const head = 'POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 5000\r\n';

test('clients that send a byte now and then are cut off, others are served', async () => {
  const slow = await Promise.all(Array.from({ length: 50 }, open));
  const drips: NodeJS.Timeout[] = [];
  const ends = slow.map(
    (socket, i) =>
      new Promise<string>((resolve) => {
        let answer = '';
        socket.on('data', (data) => (answer += data));
        socket.on('close', () => resolve(answer));
        // Half of them never end their headers, the others never end the image.
        socket.write(i % 2 === 0 ? head : `${head}\r\n`);
        drips.push(setInterval(() => socket.write('x'), 100));
      }),
  );
  await isWell();
  const answers = await Promise.all(ends);
  for (const timer of drips) clearInterval(timer);
  expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 408')).length).toBeGreaterThan(40);
  await isWell();
});

test('uploads that break off leave nothing behind', async () => {
  const image = sampleImage('digit-2');
  for (let i = 0; i < 200; i++) {
    const socket = await open();
    socket.write(`${head}\r\n`);
    socket.write(image.subarray(0, i % image.length), () => socket.resetAndDestroy());
  }
  await isWell();
  expect(server.pool.waiting).toBe(0);
});

test('closing answers the requests that are under way', async () => {
  const other = await runServer({}, { maxBatch: 1 });
  let answered = 0;
  const requests = Array.from({ length: 12 }, async () => {
    const response = await fetch(`${other.url}/v1/predict`, raw(sampleImage('digit-2')));
    answered++;
    return [response.status, (await answerOf(response)).pred];
  });
  while (answered + other.pool.accepted < 12) await new Promise((resolve) => setTimeout(resolve, 1));
  await other.close();
  expect(await Promise.all(requests)).toEqual(Array.from({ length: 12 }, () => [200, '2']));
  await expect(fetch(`${other.url}/healthz`)).rejects.toThrow('fetch failed');
});
