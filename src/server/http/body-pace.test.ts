import { expect, test } from 'vitest';
import { BodyPace } from './body-pace.ts';

const [kibibyte, mebibyte] = [2 ** 10, 2 ** 20];

/** The names of those whose turn has come. */
function turns(pace: BodyPace, received: Readonly<Record<string, number>>): string[] {
  const come: string[] = [];
  for (const [name, bytes] of Object.entries(received)) {
    void pace.take(64 * kibibyte, bytes).then(() => come.push(name));
  }
  return come;
}

test('half a mebibyte is taken in at once; then large bodies wait their turn, in order, and small ones do not', async () => {
  const pace = new BodyPace();
  await pace.take(512 * kibibyte, 512 * kibibyte);
  const come = turns(pace, { large: mebibyte, small: 64 * kibibyte, larger: 2 * mebibyte });
  await Promise.resolve();
  await Promise.resolve();
  expect(come).toEqual(['small']);
  await pace.take(64 * kibibyte, mebibyte);
  expect(come).toEqual(['small', 'large', 'larger']);
});

test('eight pieces of 64 KiB are let in by each turn', async () => {
  const pace = new BodyPace();
  await pace.take(512 * kibibyte, mebibyte);
  const waiting = Array.from({ length: 20 }, () => pace.take(64 * kibibyte, mebibyte));
  const come: number[] = [];
  for (const [i, one] of waiting.entries()) void one.then(() => come.push(i));
  await waiting[7];
  await new Promise((resolve) => process.nextTick(resolve));
  expect(come).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  await Promise.all(waiting);
});
