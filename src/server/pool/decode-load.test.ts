import { expect, test } from 'vitest';
import { DecodeLoad } from './decode-load.ts';

const mebibytes = (count: number): number => count * 2 ** 20;

test('images up to half a mebibyte, and those that decode to more than 48 MiB, have lanes of their own for each model', () => {
  const load = new DecodeLoad(() => 2);
  // A line of 2000 × 128 pixels, and photographs of 4000 × 3000 and 7000 × 7000 pixels in three channels.
  const lanes = [0, 1].flatMap((model) => [256_000, 36_000_000, 147_000_000].map((bytes) => load.laneOf(model, bytes)));
  expect(lanes).toEqual([0, 1, 2, 3, 4, 5]);
  expect(lanes.map((lane) => load.modelOf(lane))).toEqual([0, 0, 0, 1, 1, 1]);
  expect(lanes.map((lane) => load.isCostly(lane))).toEqual([false, false, true, false, false, true]);
});

test('one costly image is decoded at a time for up to seven threads, and beside it cheap ones in half of their room', () => {
  let threads = 2;
  const load = new DecodeLoad(() => threads);
  load.decode(2, mebibytes(200));
  expect(load.roomOf(2)).toBe(0);
  // Of another model, too.
  expect(load.roomOf(5)).toBe(0);
  expect(load.roomOf(0)).toBe(mebibytes(96));
  load.decode(0, mebibytes(90));
  expect(load.roomOf(1)).toBe(mebibytes(6));
  threads = 8;
  expect(load.roomOf(2)).toBe(Infinity);
  load.decode(5, mebibytes(200));
  expect(load.roomOf(2)).toBe(0);
  load.decode(2, -mebibytes(200));
  load.decode(0, -mebibytes(90));
  expect([load.roomOf(2), load.roomOf(0)]).toEqual([Infinity, mebibytes(384)]);
});

test('costly images that wait decode to at most 1 GiB; cheap ones are let in all the same', () => {
  const load = new DecodeLoad(() => 2);
  load.check([mebibytes(300), mebibytes(300), mebibytes(300)]);
  load.wait(2, mebibytes(900));
  load.wait(0, mebibytes(40));
  expect(load.waitingBytes).toBe(mebibytes(900));
  load.check([mebibytes(124)]);
  expect(() => load.check([mebibytes(125)])).toThrow(
    expect.objectContaining({ code: 'OVERLOADED', status: 503, retryAfter: 4 }),
  );
  load.check(Array.from({ length: 32 }, () => mebibytes(48)));
  load.wait(2, -mebibytes(300));
  load.check([mebibytes(125)]);
});

test('a request that would never have room is too large', () => {
  const images = Array.from({ length: 32 }, () => mebibytes(300));
  expect(() => new DecodeLoad(() => 2).check(images)).toThrow(
    expect.objectContaining({ code: 'IMAGE_TOO_LARGE', message: expect.stringContaining('decode to 9600 MiB') }),
  );
});
