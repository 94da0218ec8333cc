import { expect, test } from 'vitest';
import { jsonDigest } from './json-digest.ts';

test('is the sha256 of sorted JSON without the digest', async () => {
  // printf '{"a":["z",{"c":null,"d":1.5}],"b":"é"}' | sha256sum
  const expected = 'e2131cad0198e8e6f011f5d5071e6f9fe9d80e397087714d32faaf4b2238ce89';
  expect(await jsonDigest({ b: 'é', a: ['z', { d: 1.5, c: null }], gone: undefined })).toBe(expected);
  expect(await jsonDigest({ digest: 'x', a: ['z', { c: null, d: 1.5 }], b: 'é' })).toBe(expected);
  expect(await jsonDigest({ a: [{ c: null, d: 1.5 }, 'z'], b: 'é' })).not.toBe(expected);
});
