import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { imageBombs } from '../testing/image-bombs.ts';
import { expectNothingHeld, plainAnswer, tightLimits } from '../testing/held.ts';
import { answerOf, raw, runServer, sampleImage } from '../testing/run-server.ts';

const server = await runServer({ ...tightLimits, requestTimeoutMs: 1500 }, { deadlineMs: 60_000 });
afterAll(() => server.close());

const isWell = async (): Promise<void> => {
  const response = await fetch(`${server.url}/v1/predict`, raw(sampleImage('digit-2')));
  expect(await response.json()).toMatchObject({ pred: '2' });
};

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
  await expectNothingHeld(server);
});

test('images that are small as files and huge in memory cost the service little', async () => {
  const before = process.memoryUsage.rss();
  for (const [name, bomb, status] of imageBombs()) {
    const response = await fetch(`${server.url}/v1/predict`, raw(bomb));
    expect([name, response.status]).toEqual([name, status]);
    await plainAnswer(response);
  }
  // Many at once, a few of them as large as may be.
  const many = imageBombs().flatMap(([, bomb, , copies]) => Array.from({ length: copies }, () => bomb));
  const answers = Promise.all(
    many.map(async (bomb) => await plainAnswer(await fetch(`${server.url}/v1/predict`, raw(bomb)))),
  );
  let peak = 0;
  for (let isOver = false; !isOver; isOver = await Promise.race([answers.then(() => true), sleep(20, false)])) {
    const asked = performance.now();
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect(performance.now() - asked).toBeLessThan(2000);
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  expect(peak - before).toBeLessThan(1024 * 2 ** 20);
  await expectNothingHeld(server);
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
