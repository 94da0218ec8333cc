import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { parseModelManifest } from './model-manifest.ts';

let manifest: Record<string, unknown>;

beforeAll(async () => {
  manifest = JSON.parse(await readFile(new URL('../../models/mlp/model.json', import.meta.url), 'utf8'));
});

test('reads a manifest and leaves it as it is', () => {
  expect(parseModelManifest(JSON.stringify(manifest), 'model.json')).toEqual(manifest);
});

test.each([
  ['a later format', { format: 2 }, /at format/],
  ['another kind', { kind: 'speech' }, /at kind/],
  ['a name that is a path', { name: '../mlp' }, /at name/],
  ['one class', { classes: ['a'] }, /at classes/],
  ['a sha256 that is none', { file: { name: 'model.onnx', bytes: 1, sha256: 'abc' } }, /at file\.sha256/],
  ['a temperature of 0', { temperature: 0 }, /at temperature/],
  ['an unknown key', { secret: 1 }, /Unrecognized key: "secret"/],
])('says what is wrong with %s', (_, change, message) => {
  expect(() => parseModelManifest(JSON.stringify({ ...manifest, ...change }), 'models/x/model.json')).toThrow(
    expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringMatching(message) }),
  );
});

test('says where there is no JSON', () => {
  expect(() => parseModelManifest('version https://git-lfs', 'models/x/model.json')).toThrow(
    expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringContaining('models/x/model.json') }),
  );
});
