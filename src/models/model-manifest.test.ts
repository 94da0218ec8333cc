import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { checkManifestDigest, type ModelManifest, parseModelManifest } from './model-manifest.ts';

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
  ['no digest', { digest: undefined }, /at digest/],
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

test('knows when something was changed', async () => {
  const { classes } = manifest as { classes: string[] };
  await checkManifestDigest(manifest as ModelManifest, 'model.json');
  const swapped = { ...manifest, classes: [classes[1], classes[0], ...classes.slice(2)] };
  await expect(checkManifestDigest(swapped as ModelManifest, 'models/x/model.json')).rejects.toMatchObject({
    code: 'CHECKSUM_MISMATCH',
    message: expect.stringMatching(
      /^models\/x\/model\.json was changed: its digest is [0-9a-f]{64}, but it states [0-9a-f]{64}\./,
    ),
  });
});
