import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeSafetensors } from '../files/safetensors.ts';
import { meanWeights, readParent } from './starting-weights.ts';

const weights = new Map([['a', Float32Array.of(1, 2)]]);
const bytes = encodeSafetensors(weights);
let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starting-'));
  path = join(folder, 'weights.safetensors');
  await writeFile(path, bytes);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('reads the file that is meant, and no other', async () => {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(await readParent({ weights: path, sha256 })).toEqual({
    weights,
    file: { weights: path, sha256, licence: 'unknown' },
  });
  await expect(readParent({ weights: path, sha256: '0'.repeat(64) })).rejects.toMatchObject({
    code: 'FILE_CORRUPT',
    message: expect.stringContaining(`${path} has the SHA-256 ${sha256}`) as string,
  });
  await expect(readParent({ weights: join(folder, 'nowhere') })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

test('the mean is of each number; one run alone is left as it is', () => {
  expect(meanWeights([weights])).toBe(weights);
  const runs = [[1, 2], [3, 8], [2, 5]].map((values) => new Map([['a', Float32Array.from(values)]])); // prettier-ignore
  expect(meanWeights(runs)).toEqual(new Map([['a', Float32Array.of(2, 5)]]));
});

test.each([
  ['another size', new Map([['a', Float32Array.of(1)]]), "2 and 1 numbers as 'a'"],
  ['a weight less', new Map(), "2 and no numbers as 'a'"],
  ['a weight more', new Map([...weights, ['b', Float32Array.of(1)]]), "no and 1 numbers as 'b'"],
])('with %s there is no mean', (_, other, message) => {
  expect(() => meanWeights([weights, other])).toThrow(
    expect.objectContaining({ code: 'SHAPE_MISMATCH', message: expect.stringContaining(message) }),
  );
});

test('bundled weights are as free as their model says', async () => {
  const bundled = (name: string) => ({ weights: `models/checkpoints/${name}.safetensors` });
  expect((await readParent(bundled('line-recognizer-open'))).file.licence).toBe('MIT');
  expect((await readParent(bundled('line-recognizer'))).file.licence).toMatch(/^Non-commercial research only/);
});
