import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RedisServer, hasRedis } from './support/redis-server.ts';
import { startCli } from './support/run-cli.ts';
import { putOnQueue } from '../src/cli/recognize/queue/put-on-queue.ts';
import { readFromQueue } from '../src/cli/recognize/queue/read-from-queue.ts';

const sample = (name: string) => fileURLToPath(new URL(`../data/line-sample/${name}.png`, import.meta.url));
const texts = { a: 'your-merchandise', b: 'laid-down-the-necklace', c: 'your-merchandise' };
let folder: string;
let redis: RedisServer;

describe.skipIf(!hasRedis || process.platform === 'win32')('files on a queue', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pages-'));
    await mkdir(join(folder, 'scans'));
    for (const [name, text] of Object.entries(texts))
      await copyFile(sample(text), join(folder, 'scans', `${name}.png`));
    await writeFile(join(folder, 'scans', 'd.png'), 'no picture');
    redis = await RedisServer.start();
  });

  afterAll(async () => {
    await redis.close();
    await rm(folder, { recursive: true, force: true });
  });

  const put = (format: 'text' | 'json' = 'text') =>
    putOnQueue([join(folder, 'scans')], {
      address: redis.address,
      place: join(folder, 'results'),
      settings: { format, load: { licence: 'free' }, read: { decoder: 'greedy' } },
      onNotice: console.error,
    });

  /** A worker that is killed as soon as it has a file. */
  async function killedWorker(): Promise<string> {
    const args = ['recognize', '--worker', '--queue', redis.address, '--lock-seconds', '1', '--json', '--threads', '1'];
    const { child, ending } = startCli(args);
    for await (const line of createInterface({ input: child.stdout! })) {
      const { event, file } = JSON.parse(line) as { event: string; file: string };
      if (event !== 'taken') continue;
      child.kill('SIGKILL');
      await ending;
      return file;
    }
    throw new Error(`The worker ended before it had a file: ${(await ending).stderr}`);
  }

  test('are read once each, though a worker is killed with one; what is done is not read again', async () => {
    const summary = put();
    const lost = await killedWorker();
    const taken: string[] = [];
    const abort = new AbortController();
    const worker = readFromQueue({
      address: redis.address,
      session: { threads: 1 },
      // Long enough that this thread renews it in time while it reads, on a machine with much else to do.
      lockSeconds: 4,
      signal: abort.signal,
      onNotice: console.error,
      onEvent: ({ event, file }) => event === 'ended' && taken.push(file!),
    });
    const totals = await summary;
    abort.abort();
    await worker;
    expect([totals.pages, totals.failures]).toEqual([3, 1]);
    expect(String(totals)).toMatch(/3 pages read: 3 lines, .*\n1 failure: .*d\.png \(UNSUPPORTED_IMAGE\)\./);
    expect(taken.toSorted()).toEqual(['a', 'b', 'c', 'd'].map((name) => join(folder, 'scans', `${name}.png`)));
    expect(taken).toContain(lost);
    const results = await readdir(join(folder, 'results'), { recursive: true });
    expect(results.filter((name) => name.endsWith('.txt')).toSorted()).toEqual(['a.txt', 'b.txt', 'c.txt']);
    expect(await readFile(join(folder, 'results', 'a.txt'), 'utf8')).toBe('your merchandise\n');
    // Without any worker; what failed would be tried again.
    await rm(join(folder, 'scans', 'd.png'));
    expect(String(await put())).toContain('3 pages read (3 of them before)');
    await expect(put('json')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
