import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasMoto, MotoServer } from '../../../tests/support/moto-server.ts';
import { claimRun, commitRun, readHead } from './run-log.ts';
import { ClaimedRun, fetchRun } from './run-snapshot.ts';
import { absolutePlace, openRunStore, placeIn } from './run-store.ts';

let folder: string;
let moto: MotoServer | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-'));
  if (hasMoto) moto = await MotoServer.start('runs');
}, 60_000);

afterAll(async () => {
  await moto?.close();
  await rm(folder, { recursive: true, force: true });
});

const places = [
  ['a shared folder', () => join(folder, 'store')],
  ['S3', () => 's3://runs/some/prefix'],
] as const;

describe.each(places)('runs in %s', (name, root) => {
  const skip = name === 'S3' && !hasMoto;
  const open = (run: string) => openRunStore(placeIn(root(), run));
  const scratch = (run: string) => mkdtemp(join(folder, `${run}-`));
  const as = (by: string) => ({ by, retries: 5 });

  test.skipIf(skip)('a blob is whole, created once, and listed by its prefix', async () => {
    const store = await open('blobs');
    expect(await store.read('a/b')).toBeUndefined();
    await store.write('a/b', Buffer.from('first'));
    await store.write('a/b', Buffer.from('second'));
    expect(Buffer.from((await store.read('a/b'))!).toString()).toBe('second');
    expect(await store.create('a/b', Buffer.from('third'))).toBe(false);
    expect(await store.create('a/c/d', Buffer.from(''))).toBe(true);
    expect(await store.create('e', Buffer.from('x'))).toBe(true);
    expect((await store.list('a/')).toSorted()).toEqual(['a/b', 'a/c/d']);
    await store.remove(['a/b', 'never-there']);
    expect(await store.list('a/')).toEqual(['a/c/d']);
  });

  test.skipIf(skip)('an attempt that was taken over changes nothing any more', async () => {
    const store = await open('fenced');
    const [first, second] = [await scratch('first'), await scratch('second')];
    const cutOff = (await ClaimedRun.take(store, first, as('the first')))!;
    await writeFile(join(first, 'checkpoint'), 'step 1');
    await cutOff.save('saved');

    const successor = (await ClaimedRun.take(store, second, as('the second')))!;
    expect(successor.attempt).toBeGreaterThan(cutOff.attempt);
    expect(await readFile(join(second, 'checkpoint'), 'utf8')).toBe('step 1');

    await writeFile(join(first, 'checkpoint'), 'step 2 of the first');
    const refused = { code: 'RUN_TAKEN_OVER', message: expect.stringContaining('the second') as string };
    await expect(cutOff.save('saved')).rejects.toMatchObject(refused);
    await expect(cutOff.save('finished')).rejects.toMatchObject(refused);

    await writeFile(join(second, 'checkpoint'), 'step 2 of the second');
    await successor.save('finished');
    await expect(cutOff.save('saved')).rejects.toMatchObject(refused);
    const reader = await scratch('reader');
    expect(await fetchRun(store, reader)).toMatchObject({ state: 'finished', attempt: successor.attempt });
    expect(await readFile(join(reader, 'checkpoint'), 'utf8')).toBe('step 2 of the second');
    expect(await ClaimedRun.take(store, await scratch('third'), as('the third'))).toBeUndefined();
  });

  test.skipIf(skip)('what is replaced, and what lost attempts have left, is removed', async () => {
    const store = await open('removed');
    const own = await scratch('own');
    const run = (await ClaimedRun.take(store, own, as('one')))!;
    await writeFile(join(own, 'kept'), 'always');
    for (const content of ['1', '2', '3']) {
      await writeFile(join(own, 'changing'), content);
      await run.save('saved');
    }
    expect((await store.list('files/')).map((blob) => blob.split('/')[2]).toSorted()).toEqual(['changing', 'kept']);
    await store.write('files/00000005/half-saved', Buffer.from(''));
    await ClaimedRun.take(store, await scratch('next'), as('another'));
    expect(await store.list('files/')).toHaveLength(2);
  });

  test.skipIf(skip)('a run whose attempts are lost before they save is not tried for ever', async () => {
    const store = await open('lost');
    const first = (await claimRun(store, 'a', 2))!;
    await commitRun(store, first, 'saved', {});
    for (const by of ['b', 'c', 'd']) expect(await claimRun(store, by, 2)).toMatchObject({ by });
    await expect(claimRun(store, 'e', 2)).rejects.toMatchObject({
      code: 'WORKER_FAILED',
      message: expect.stringMatching(/^3 attempts.* by d:/) as string,
    });
    expect(await readHead(store)).toMatchObject({ by: 'd', number: 5 });
  });

  test.skipIf(skip)('a blob that was changed since is refused', async () => {
    const store = await open('changed');
    const own = await scratch('changed');
    const run = (await ClaimedRun.take(store, own, as('one')))!;
    await writeFile(join(own, 'weights'), 'right');
    await run.save('saved');
    const [blob] = await store.list('files/');
    await store.write(blob, Buffer.from('wrong'));
    await expect(fetchRun(store, await scratch('reader'))).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
  });
});

test('of several that create the same blob at the same time, one does', async () => {
  const store = await openRunStore(join(folder, 'race'));
  const tries = await Promise.all(Array.from({ length: 8 }, (_, i) => store.create('log/1', Buffer.of(i))));
  expect(tries.filter(Boolean)).toHaveLength(1);
  expect(await store.read('log/1').then((bytes) => bytes![0])).toBe(tries.indexOf(true));
});

test('what a crash leaves half written in a shared folder is nobody’s entry', async () => {
  const store = await openRunStore(join(folder, 'crashed'));
  await store.write('log/00000001.json.1a2b3c4d.tmp', Buffer.from('{"att'));
  expect(await readHead(store)).toBeUndefined();
  expect(await readdir(join(folder, 'crashed', 'log'))).toHaveLength(1);
});

test('says what is wrong with a place in S3', async () => {
  await expect(openRunStore('s3://')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  if (!hasMoto) return;
  const store = await openRunStore('s3://no-such-bucket/runs');
  await expect(store.list('log/')).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringMatching(/^s3:\/\/no-such-bucket\/runs\/log\/: NoSuchBucket/) as string,
  });
});

test.each(['s3:/runs', 's3:runs', 'S3://runs'])('%s is refused rather than taken for a folder', async (place) => {
  await expect(openRunStore(place)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(() => absolutePlace(place)).toThrow('give s3://BUCKET/PREFIX');
  expect(absolutePlace('./s3:/runs')).toBe(join(process.cwd(), 's3:/runs'));
});
