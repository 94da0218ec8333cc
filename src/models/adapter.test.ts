import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeSafetensors } from '../files/safetensors.ts';
import { type Adapter, combineAdapters, decodeAdapter, encodeAdapter, roundedToHalf } from './adapter.ts';

const sha256 = 'a'.repeat(64);

function adapterOf(
  values: Readonly<Record<string, readonly number[]>>,
  about: Partial<Adapter['about']> = {},
): Adapter {
  return {
    about: {
      format: 1,
      name: 'my-hand',
      base: { name: 'line-recognizer', sha256 },
      licence: 'MIT',
      data: [{ name: 'letters', lines: 64, licence: 'CC0' }],
      recipe: { seed: 42, steps: 100 },
      date: '2026-11-28',
      heldOut: { lines: 16, characters: 600, before: 120, after: 60 },
      others: { 'emnist-lines': { lines: 100, characters: 3000, before: 300, after: 310 } },
      ...about,
    },
    differences: new Map(Object.entries(values).map(([name, list]) => [name, Float32Array.from(list)])),
  };
}

test('what was written is read, in half precision', () => {
  // 0.1 is 0x2E66 = 1638/16384 · … in half precision: 0.0999755859375 (IEEE 754-2019, binary16).
  const adapter = adapterOf({ 'stem.bias': [0.1, -2], 'stem.up': [65_504, 2 ** -24] });
  const read = decodeAdapter(encodeAdapter(adapter), 'it');
  expect(read.about).toEqual(adapter.about);
  expect(Object.fromEntries([...read.differences].map(([name, list]) => [name, [...list]]))).toEqual({
    'stem.bias': [0.0999755859375, -2],
    'stem.up': [65_504, 2 ** -24],
  });
  expect(roundedToHalf(adapter.differences)).toEqual(read.differences);
});

test('a file with any byte changed is refused by a typed error that names it', () => {
  const bytes = encodeAdapter(adapterOf({ 'stem.bias': [0.1, -2] }));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(bytes);
      changed[at] ^= change;
      expect(() => decodeAdapter(changed, 'mine.safetensors')).toThrow(
        expect.objectContaining({
          code: expect.stringMatching(/^(FILE_CORRUPT|CHECKSUM_MISMATCH)$/),
          message: expect.stringContaining('mine.safetensors'),
        }),
      );
    }),
  );
});

test.each([
  ['weights of a training', encodeSafetensors(new Map([['a', Float32Array.of(1)]]))],
  [
    'a checksum by another name',
    Buffer.from(
      encodeAdapter(adapterOf({ a: [1] }))
        .toString('latin1')
        .replace('"sha256":"', '"sha512":"'),
      'latin1',
    ),
  ],
  [
    'another description',
    encodeSafetensors(new Map([['a', Float32Array.of(1)]]), { 'text-recognizer-adapter': '{"format":2}' }),
  ],
  ['no JSON', encodeSafetensors(new Map([['a', Float32Array.of(1)]]), { 'text-recognizer-adapter': '{' })],
  ['nothing in it', encodeAdapter(adapterOf({}))],
  ['an empty file', Buffer.alloc(0)],
])('what is no adapter is refused: %s', (_, bytes) => {
  expect(() => decodeAdapter(bytes, 'it')).toThrow(expect.objectContaining({ code: 'FILE_CORRUPT' }));
});

test('an adapter of more than a megabyte is not written', () => {
  const large = { ...adapterOf({}), differences: new Map([['logits.weight', new Float32Array(500_001)]]) };
  expect(() => encodeAdapter(large)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});

test('a sum of two names both, is as free as the less free, and was measured by nobody', () => {
  const mine = adapterOf({ 'stem.bias': [1, 2] });
  const hers = adapterOf(
    { 'stem.bias': [10, 0] },
    { name: 'hers', licence: 'Non-commercial research only', data: [{ name: 'notes', lines: 20, licence: 'unknown' }] },
  );
  const sum = combineAdapters('both', [
    { adapter: mine, weight: 0.5 },
    { adapter: hers, weight: 0.25 },
  ]);
  expect([...sum.differences.get('stem.bias')!]).toEqual([3, 1]);
  expect(sum.about).toMatchObject({
    name: 'both',
    base: mine.about.base,
    licence: 'Non-commercial research only, as the data sets below demand',
    data: [...mine.about.data, ...hers.about.data],
    recipe: {
      sum: [
        { name: 'my-hand', weight: 0.5 },
        { name: 'hers', weight: 0.25 },
      ],
    },
    others: {},
  });
  expect(sum.about.heldOut).toBeUndefined();
  expect(decodeAdapter(encodeAdapter(sum), 'it').about).toEqual(sum.about);
});

test('adapters of different weights are not summed', () => {
  const other = adapterOf({ a: [1] }, { name: 'other', base: { name: 'line-recognizer', sha256: 'b'.repeat(64) } });
  const parts = [adapterOf({ a: [1] }), other].map((adapter) => ({ adapter, weight: 0.5 }));
  expect(() => combineAdapters('both', parts)).toThrow(
    expect.objectContaining({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/'other' belongs to .*bbbbbbbbbbbb…, not/),
    }),
  );
});
