import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ModelManifest } from '../../models/model-manifest.ts';
import { bundledModels, readModel } from '../../models/model-store.ts';
import { writeModelFiles } from '../../tasks/write-model.ts';
import { installModel, installedVersion, readFiles, rollbackModel, type ModelFiles } from './model-registry.ts';
import { hashesOf } from './testing/hashes-of.ts';
import { listVersions } from './version-record.ts';

const story = { source: 'runs/x', checks: [] };
let root: string;
let registry: string;
/** Three models of one name. */
const models: { manifest: ModelManifest; files: ModelFiles; hashes: Record<string, string> }[] = [];

beforeAll(async () => {
  const { manifest, onnx } = await readModel(join(bundledModels, 'mlp'));
  for (const description of ['first', 'second', 'third']) {
    const folder = await mkdtemp(join(tmpdir(), 'model-'));
    const written = await writeModelFiles(folder, onnx, { ...manifest, description });
    models.push({ manifest: written, files: await readFiles(folder), hashes: await hashesOf(folder) });
    await rm(folder, { recursive: true });
  }
});

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'registry-'));
  registry = join(root, 'models');
});

afterEach(() => rm(root, { recursive: true, force: true }));

const install = (index: number) => installModel(registry, models[index].manifest, models[index].files, story);
const installed = () => hashesOf(join(registry, 'mlp'));

test('a rollback restores the same bytes, step by step', async () => {
  expect(await install(0)).toMatchObject({ version: 1, former: undefined });
  expect(await install(1)).toMatchObject({ version: 2, former: 1, source: 'runs/x' });
  expect(await install(2)).toMatchObject({ version: 3, former: 2 });
  expect(await installed()).toEqual(models[2].hashes);
  expect(await rollbackModel(registry, 'mlp')).toMatchObject({ version: 2 });
  expect(await installed()).toEqual(models[1].hashes);
  expect(await rollbackModel(registry, 'mlp')).toMatchObject({ version: 1 });
  expect(await installed()).toEqual(models[0].hashes);
  await expect(rollbackModel(registry, 'mlp')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(await rollbackModel(registry, 'mlp', 3)).toMatchObject({ version: 3 });
  expect(await installed()).toEqual(models[2].hashes);
  expect((await readdir(join(registry, 'versions', 'mlp'))).toSorted()).toEqual(['1', '2', '3', 'versions.json']);
});

test('what was installed by other means is kept, with all its files', async () => {
  const folder = join(registry, 'mlp');
  for (const [name, bytes] of [...models[0].files, ['notes/why.txt', Buffer.from('by hand')] as const]) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  const before = await installed();
  expect(await install(1)).toMatchObject({ version: 2, former: 1 });
  await rollbackModel(registry, 'mlp');
  expect(await installed()).toEqual(before);
  expect(Object.keys(before)).toContain('notes/why.txt');
});

test('a model that comes again is the same version, after the one that it replaces', async () => {
  await install(0);
  await install(1);
  expect(await install(0)).toMatchObject({ version: 1, former: 2 });
  expect(await rollbackModel(registry, 'mlp')).toMatchObject({ version: 2 });
});

test('a version that was changed, or lacks a file, is not restored', async () => {
  await install(0);
  await install(1);
  const kept = join(registry, 'versions', 'mlp', '1');
  const onnx = await readFile(join(kept, 'model.onnx'));
  onnx[1000] ^= 1;
  await writeFile(join(kept, 'model.onnx'), onnx);
  const damaged = { code: 'CHECKSUM_MISMATCH', message: expect.stringContaining('model.onnx was changed') as string };
  await expect(rollbackModel(registry, 'mlp')).rejects.toMatchObject(damaged);
  await rm(join(kept, 'model.onnx'));
  await expect(rollbackModel(registry, 'mlp')).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
  expect(await installed()).toEqual(models[1].hashes);
});

test('a damaged model is replaced by a version of one’s choice, and not kept', async () => {
  await install(0);
  await install(1);
  await writeFile(join(registry, 'mlp', 'model.onnx'), 'half');
  await expect(rollbackModel(registry, 'mlp')).rejects.toMatchObject({
    message: 'mlp has no earlier version; choose a version with --to. Versions that are kept: 1, 2.',
  });
  await expect(install(2)).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
  await rollbackModel(registry, 'mlp', 2);
  expect(await installed()).toEqual(models[1].hashes);
  expect(await listVersions(registry, 'mlp')).toHaveLength(2);
});

test('an interrupted promotion leaves the former model, wherever it ended', async () => {
  await install(0);
  const versions = join(registry, 'versions', 'mlp');
  // Ended between the two renames: the next command puts the former back.
  await rename(join(registry, 'mlp'), join(versions, '.former'));
  await mkdir(join(versions, '.next'));
  await writeFile(join(versions, '.next', 'model.json'), '{');
  expect(await install(1)).toMatchObject({ version: 2, former: 1 });
  // Ended after the renames, and before a version was listed.
  await mkdir(join(versions, '.former'));
  await mkdir(join(versions, '3'));
  await writeFile(join(versions, '3', 'left.txt'), 'over');
  expect(await install(2)).toMatchObject({ version: 3, former: 2 });
  expect(await hashesOf(join(versions, '3'))).toEqual(models[2].hashes);
  expect(await installedVersion(registry, 'mlp', await listVersions(registry, 'mlp'))).toMatchObject({ version: 3 });
});

test('a list of versions that was changed is noticed', async () => {
  await install(0);
  const path = join(registry, 'versions', 'mlp', 'versions.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace('runs/x', 'runs/y'));
  await expect(listVersions(registry, 'mlp')).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
  await writeFile(path, '{"format": 1');
  await expect(listVersions(registry, 'mlp')).rejects.toMatchObject({ code: 'MODEL_INVALID' });
});

test('of a name that has no versions there is nothing to restore, and nothing is made', async () => {
  await expect(rollbackModel(registry, 'mpl')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await expect(readdir(root)).resolves.toEqual([]);
});
