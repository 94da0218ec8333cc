import { array, assert, property, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { BodyBlocks } from './body-blocks.ts';

test('the bytes come out as they came in, however they were cut', () => {
  assert(
    property(array(uint8Array({ maxLength: 50 }), { maxLength: 20 }), (chunks) => {
      const blocks = new BodyBlocks();
      for (const chunk of chunks) blocks.add(chunk);
      expect(Buffer.concat(blocks.pieces())).toEqual(Buffer.concat(chunks));
    }),
  );
});

test('a small body is one piece of its own size, and a large one has a few blocks', () => {
  const small = new BodyBlocks();
  small.add(Buffer.from('abc'));
  expect(small.pieces().map(({ buffer }) => buffer.byteLength)).toEqual([3]);
  const large = new BodyBlocks();
  for (let i = 0; i < 40; i++) large.add(Buffer.alloc(30_000, i));
  expect(large.pieces().map(({ length }) => length)).toEqual([30_000, 524_288, 524_288, 121_424]);
  expect(Buffer.concat(large.pieces())[1_199_999]).toBe(39);
});
