import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import * as adapt from 'text-recognizer/adapt';
import * as client from 'text-recognizer/client';
import * as library from 'text-recognizer';
import { runNode } from './support/run-cli.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'package-'));
/** Within this package, so that its name leads to it. */
const scripts = join(root, 'runs', `readme-code-${process.pid}`);
afterAll(() => [folder, scripts].forEach((path) => rmSync(path, { recursive: true, force: true })));

function npmPack(...args: readonly string[]) {
  for (const name of ['package.json', '.npmrc']) cpSync(join(root, name), join(folder, name));
  return spawnSync('npm', ['pack', ...args], { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
}

test('what was not built is not packed', () => {
  const { status, stderr } = npmPack();
  expect(status).not.toBe(0);
  expect(stderr).toContain('ENOENT');
  expect(readdirSync(folder).toSorted()).toEqual(['.npmrc', 'package.json']);
});

test('the package holds what serving and training need, without sources, tests, checkpoints or other packages', () => {
  const inside = ['bin/a.mjs', 'dist/a.js', 'web/dist/index.html', 'models/mlp/model.json', 'data/a.json'];
  const outside = [
    'dist/old.tgz',
    'src/a.ts',
    'web/src/a.ts',
    'models/checkpoints/a.safetensors',
    'models/versions/mlp/1/model.json',
    'tests/a.ts',
    '.env',
  ];
  for (const name of [...inside, ...outside]) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), '');
  }
  const [{ files }] = JSON.parse(npmPack('--dry-run', '--json').stdout) as [{ files: { path: string }[] }];
  expect(files.map(({ path }) => path).toSorted()).toEqual([...inside, 'package.json'].toSorted());
});

test('the real package has all models and data of the repository, and no more than a registry and a user should carry', () => {
  const packed = spawnSync('npm', ['pack', '--dry-run', '--json'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const [{ files }] = JSON.parse(packed.stdout) as [{ files: { path: string; size: number }[] }];
  const paths = new Set(files.map(({ path }) => path));
  const models = readdirSync(join(root, 'models')).filter((name) =>
    existsSync(join(root, 'models', name, 'model.json')),
  );
  expect(models).toContain('line-recognizer');
  for (const model of models) {
    for (const name of ['model.json', 'model.onnx', 'README.md']) expect(paths).toContain(`models/${model}/${name}`);
  }
  for (const name of ['models/language-model/language-model.bin', 'README.md', 'LICENSE'])
    expect(paths).toContain(name);
  const folders = new Set([...paths].filter((path) => path.includes('/')).map((path) => path.split('/')[0]));
  expect(['bin', 'data', 'dist', 'experiments', 'models', 'web']).toEqual(expect.arrayContaining([...folders]));
  const sizeOf = (folder: string) =>
    files.filter(({ path }) => path.startsWith(`${folder}/`)).reduce((sum, { size }) => sum + size, 0);
  expect(sizeOf('models')).toBeLessThan(60e6);
  expect(sizeOf('data') + sizeOf('experiments')).toBeLessThan(5e6);
});

test('its name leads to what users need, and nothing else does', async () => {
  expect(Object.keys(library).toSorted()).toEqual([
    'CharacterPredictor',
    'LinePredictor',
    'Recognizer',
    'SearchablePdf',
    'TextRecognizerError',
    'listModels',
    'readModel',
    'toAlto',
    'toHocr',
    'toPageXml',
    'toSearchablePdf',
  ]);
  expect(Object.keys(adapt).toSorted()).toEqual([
    'adaptLineModel',
    'bundledOthers',
    'combineAdapters',
    'decodeAdapter',
    'encodeAdapter',
    'openOwnLines',
    'openUnlabelledLines',
    'withAdapter',
  ]);
  expect(Object.keys(client).toSorted()).toEqual(['ServiceError', 'TextRecognizerClient']);
  const path = 'text-recognizer/dist/errors.js';
  await expect(import(path)).rejects.toThrow(/errors\.js/);
});

const code = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(
  ([, text]) => text,
);

test('README.md shows code', () => expect(code).toHaveLength(2));

test.each(code)('the code runs in a clone: %s', async (text) => {
  mkdirSync(scripts, { recursive: true });
  const file = join(scripts, 'shown.ts');
  writeFileSync(file, text);
  const run = await runNode(join(root, 'scripts/run.mjs'), [relative(root, file)], { cwd: root });
  expect([run.code, run.stderr]).toEqual([0, '']);
  expect(run.stdout).toMatch(/^your merchandise (0\.9\d|\[)/);
});
