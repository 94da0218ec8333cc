import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readStandardInput } from './read-standard-input.ts';

test('pieces are joined', async () => {
  const read = await readStandardInput(Readable.from([Uint8Array.of(1, 2), Uint8Array.of(3)]));
  expect([...read]).toEqual([1, 2, 3]);
});

test('an endless stream is left once it is too large', async () => {
  const piece = new Uint8Array(2 ** 23);
  function* endless() {
    for (;;) yield piece;
  }
  await expect(readStandardInput(Readable.from(endless()))).rejects.toMatchObject({
    code: 'IMAGE_TOO_LARGE',
    message: expect.stringContaining('more than the 32'),
  });
});
