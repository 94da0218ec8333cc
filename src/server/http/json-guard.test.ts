import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonGuard } from './json-guard.ts';

const refusal = expect.objectContaining({ code: 'INVALID_REQUEST', status: 400 });

/** Gives `text` to a guard in pieces of `size` bytes. */
function check(text: string, size = 2 ** 16): void {
  const guard = new JsonGuard();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) guard.check(bytes.subarray(at, at + size));
}

test.each([
  ['a list of numbers', `{"images":[${'0,'.repeat(33_000)}`, /more than 65536 bytes outside of strings/],
  ['a list of empty strings', `{"images":[${'"",'.repeat(33_000)}`, /more than 65536 (quotes|bytes)/],
  ['a string of quotes', `{"image":"${String.raw`\"`.repeat(66_000)}`, /more than 65536 quotes/],
  ['lists in lists', '['.repeat(9), /nested more than 8 deep/],
  ['objects in objects', '{"a":'.repeat(9), /nested more than 8 deep/],
  ['white space', ' '.repeat(65_537), /more than 65536 bytes outside of strings/],
])('%s beyond measure', (_, text, message) => {
  for (const size of [1, 7, 2 ** 16]) {
    expect(() => check(text, size)).toThrow(refusal);
    expect(() => check(text, size)).toThrow(message);
  }
});

test.each([
  ['a long string', JSON.stringify({ image: 'A'.repeat(1e6) })],
  ['a string of 65,000 brackets', JSON.stringify({ image: '['.repeat(65_000) })],
  ['32 images, indented', JSON.stringify({ images: Array.from({ length: 32 }, () => 'data:;base64,AAAA') }, null, 8)],
  ['10,000 words', JSON.stringify({ image: 'A', words: Array.from({ length: 10_000 }, () => 'Bern') })],
  ['slashes that are escaped, as PHP writes them', `{"image":"${String.raw`\/`.repeat(50_000)}"}`],
  ['8 lists in each other', `${'['.repeat(8)}${']'.repeat(8)}`],
])('%s passes', (_, text) => {
  for (const size of [3, 2 ** 16]) check(text, size);
});

test('brackets in strings count for nothing, whatever is escaped and wherever the bytes are cut', () => {
  const strings = fc.array(fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', 'a', 'é', '\n'), maxLength: 30 }));
  fc.assert(
    fc.property(strings, fc.integer({ min: 1, max: 20 }), (values, size) => check(JSON.stringify(values), size)),
    { seed: 1, numRuns: 300 },
  );
});

test('behind any strings, nesting is still seen', () => {
  const strings = fc.array(fc.string({ unit: fc.constantFrom('"', '\\', ']', '}', 'a'), maxLength: 30 }));
  fc.assert(
    fc.property(strings, fc.integer({ min: 1, max: 20 }), (values, size) => {
      expect(() => check(`${JSON.stringify(values)}${'['.repeat(9)}`, size)).toThrow(refusal);
    }),
    { seed: 1, numRuns: 300 },
  );
});
