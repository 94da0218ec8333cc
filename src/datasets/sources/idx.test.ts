import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TextRecognizerError } from '../../errors.ts';
import { encodeIdx, encodeIdxGzip, readIdxFile, readIdxStream } from './idx.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'idx-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Two 2×3 images: the header's bytes are those of LeCun's format description, written by hand. */
const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

async function file(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

test('writes the bytes of the format description', () => {
  expect(new Uint8Array(encodeIdx([2, 2, 3], images.subarray(16)))).toEqual(images);
  expect(() => encodeIdx([2, 2], new Uint8Array(5))).toThrow(
    'an idx array of [2, 2] holds 4 bytes; 5 were given'.slice(3),
  );
});

test('reads plain and gzip files, whatever their names', async () => {
  for (const [name, bytes] of [
    ['plain.gz', images],
    ['zipped', gzipSync(images)],
  ] as const) {
    const { dims, data } = await readIdxFile(await file(name, bytes), 3);
    expect(dims).toEqual([2, 2, 3]);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  }
});

test.each([
  ['empty', new Uint8Array(0), 'ends within its header, after 0 of 16 bytes'],
  ['png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'it is not an idx file (it begins 89 50 4e 47'],
  ['float', Uint8Array.of(0, 0, 0x0d, 3), 'its elements are not unsigned bytes'],
  ['labels', Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 0), 'it has 1 dimensions where 3 are needed'],
  ['short', images.subarray(0, 27), 'it is truncated: 11 of the 12 bytes of [2, 2, 3] are there'],
  ['long', Uint8Array.of(...images, 0), 'more data follow the 12 bytes'],
  ['huge', images.with(4, 0xff), 'promises [4278190082, 2, 3] = 25669140492 bytes, more than the file can hold'],
  ['cut gzip', gzipSync(images).subarray(0, 20), 'its gzip stream is broken (unexpected end of file)'],
  ['bad gzip', gzipSync(images).fill(0, 34, 38), 'its gzip stream is broken (incorrect data check)'],
  [
    'bomb',
    gzipSync(new Uint8Array(1 << 24).fill(0).with(2, 8).with(3, 3).with(7, 1).with(11, 1).with(15, 1)),
    'more data follow',
  ],
  ['huge gzip', gzipSync(images.with(4, 0xff)), 'more than the file can hold'],
])('refuses a file that is %s', async (name, bytes, message) => {
  const path = await file(name, bytes);
  await expect(readIdxFile(path, 3)).rejects.toThrow(
    expect.objectContaining({ code: 'FILE_CORRUPT', message: expect.stringContaining(message) }),
  );
});

test('says when there is no file, or a folder', async () => {
  await expect(readIdxFile(join(folder, 'none'), 1)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  await expect(readIdxFile(folder, 1)).rejects.toMatchObject({ code: 'FILE_CORRUPT' });
});

const arrays = fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }).chain((dims) => {
  const size = dims.reduce((product, dim) => product * dim, 1);
  return fc.record({ dims: fc.constant(dims), data: fc.uint8Array({ minLength: size, maxLength: size }) });
});

test('what is written is read again, however the stream is cut', async () => {
  await fc.assert(
    fc.asyncProperty(arrays, fc.integer({ min: 1, max: 40 }), async ({ dims, data }, step) => {
      const bytes = encodeIdx(dims, data);
      const chunks = [];
      for (let at = 0; at < bytes.length; at += step) chunks.push(bytes.subarray(at, at + step));
      const array = await readIdxStream(chunks, { name: 'x', rank: dims.length });
      expect(array.dims).toEqual(dims);
      expect([...array.data]).toEqual([...data]);
    }),
  );
});

test('a mutated file is read or refused with a typed error', async () => {
  const zipped = encodeIdxGzip([2, 2, 3], images.subarray(16));
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.nat(27), fc.nat(255), fc.nat(28), async (gzip, at, byte, length) => {
      const bytes = Uint8Array.from(gzip ? zipped : images)
        .with(at, byte)
        .subarray(0, length);
      const path = await file('mutant', bytes);
      const outcome = await readIdxFile(path, 3).catch((error: Error) => error);
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(TextRecognizerError);
        return;
      }
      // Cut where a mutated header says that it ends, it is a smaller array.
      const { dims, data } = outcome;
      expect(data).toHaveLength(dims.reduce((product, dim) => product * dim));
    }),
    { numRuns: 300 },
  );
});
