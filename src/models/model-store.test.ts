import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, beforeAll, expect, test } from 'vitest';
import { bundledModels, listModels, readModel } from './model-store.ts';

const mlp = join(bundledModels, 'mlp');
let folder: string;
let copy: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'models-'));
});

beforeEach(async () => {
  copy = join(folder, 'copy');
  await rm(copy, { recursive: true, force: true });
  await cp(mlp, copy, { recursive: true });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('reads a bundled model by its name, and any by its folder', async () => {
  const { manifest, onnx } = await readModel('mlp');
  expect(manifest.name).toBe('mlp');
  expect(onnx.length).toBe(manifest.file.bytes);
  const copied = await readModel(copy);
  expect(copied.manifest).toEqual(manifest);
  expect(Buffer.compare(copied.onnx, onnx)).toBe(0);
});

test('lists what is there, by name', async () => {
  const names = (await listModels()).map(({ name }) => name);
  expect(names).toContain('mlp');
  expect(names).toEqual([...names].sort());
  expect(await listModels(join(folder, 'nowhere'))).toEqual([]);
});

test.each(['resnet', '', '.', '..', '../models', 'mlp/model.json'])(
  'says what there is instead of "%s"',
  async (name) => {
    await expect(readModel(name)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringMatching(/There is no model '.*': give the name of a bundled one \(.*mlp.*\), or a folder/),
    });
  },
);

test('refuses weights that are not those of the manifest', async () => {
  await writeFile(join(copy, 'model.onnx'), 'version https://git-lfs.github.com/spec/v1');
  await expect(readModel(copy)).rejects.toMatchObject({
    code: 'CHECKSUM_MISMATCH',
    message: expect.stringMatching(/model\.onnx has the SHA-256 [0-9a-f]{64}, but model\.json states [0-9a-f]{64}/),
  });
});

test('says that the weights are missing', async () => {
  await rm(join(copy, 'model.onnx'));
  await expect(readModel(copy)).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
    message: expect.stringContaining(join(copy, 'model.onnx')),
  });
});

test('refuses a manifest whose classes were swapped, whoever reads it', async () => {
  const file = join(copy, 'model.json');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('"2",\n    "3"', '"3",\n    "2"'));
  const refused = { code: 'CHECKSUM_MISMATCH', message: expect.stringContaining(`${file} was changed`) };
  await expect(readModel(copy)).rejects.toMatchObject(refused);
  await expect(listModels(folder)).rejects.toMatchObject(refused);
  // Laid out otherwise, it is still the same.
  await writeFile(file, JSON.stringify(JSON.parse(text)));
  await expect(readModel(copy)).resolves.toMatchObject({ manifest: { name: 'mlp' } });
});

test('says what is wrong with a manifest', async () => {
  await copyFile(join(copy, 'model.onnx'), join(copy, 'model.json'));
  await expect(readModel(copy)).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining(join(copy, 'model.json')),
  });
});
