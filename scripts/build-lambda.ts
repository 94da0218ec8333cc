import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { ZipFile } from 'yazl';

/*
 * Builds the Lambda function: infra/dist/function/ and infra/dist/function.zip, for the processor given by --arch (x64 or arm64),
 * with the models given by --model (default: all but those of the course). The handler is app/lambda/handler.handler.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'infra/dist/function');
const zipPath = `${folder}.zip`;

/** What Lambda allows for a zip that is uploaded, and for what it unpacks to, in bytes. */
const limits = { zipped: 50 * 2 ** 20, unpacked: 250 * 2 ** 20 };
/** Native packages; all else is bundled. Those of onnxruntime-node's install script are left out. */
const external = ['onnxruntime-node', 'sharp'];
const kept = new Set(['onnxruntime-node', 'onnxruntime-common', 'sharp', 'detect-libc', 'semver', '@img']);

async function bundle(): Promise<void> {
  await build({
    entryPoints: ['handler', 'bootstrap'].map((name) => join(root, `src/server/lambda/${name}.ts`)),
    // model-store.ts looks for the models two folders up.
    outdir: join(folder, 'app/lambda'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // Not loaded there: the description of the API is not served, and the service takes no files of these formats.
    external: [...external, '@fastify/swagger', '@fastify/swagger-ui', '@hyzyla/pdfium', 'heic-decode', 'bmp-ts'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
}

/** Installs the native packages for Linux on `arch`, whatever this machine is, and removes what never runs there. */
async function installNative(arch: string): Promise<void> {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  const dependencies = Object.fromEntries(
    external.map((name) => [name, lock.packages[`node_modules/${name}`].version]),
  );
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  const target = ['--os=linux', `--cpu=${arch}`, '--libc=glibc'];
  execFileSync(
    'npm',
    ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', ...target],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    },
  );
  const modules = join(folder, 'node_modules');
  const remove = async (...parts: string[]): Promise<void> =>
    await rm(join(modules, ...parts), { recursive: true, force: true });
  for (const name of await readdir(modules)) if (!kept.has(name)) await remove(name);
  const runtime = 'onnxruntime-node/bin/napi-v6';
  for (const os of ['darwin', 'win32']) await remove(runtime, os);
  for (const other of ['x64', 'arm64']) if (other !== arch) await remove(runtime, 'linux', other);
  for (const part of ['lib', 'script']) await remove('onnxruntime-node', part);
}

async function copyModels(names: readonly string[] | undefined): Promise<void> {
  const models = join(root, 'models');
  let hasLines = false;
  for (const name of names ?? (await readdir(models))) {
    const files = await readdir(join(models, name)).catch((): string[] => []);
    if (!files.includes('model.json')) continue;
    const { kind, course } = JSON.parse(await readFile(join(models, name, 'model.json'), 'utf8'));
    if (course && names === undefined) continue;
    hasLines ||= kind === 'line';
    await mkdir(join(folder, 'models', name), { recursive: true });
    for (const file of ['model.json', 'model.onnx'])
      await cp(join(models, name, file), join(folder, 'models', name, file));
  }
  // The decoder lm needs it.
  if (hasLines) await cp(join(models, 'language-model'), join(folder, 'models/language-model'), { recursive: true });
}

async function filesOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** The same files make the same bytes: names in order, one date. */
async function zip(files: readonly string[]): Promise<void> {
  const archive = new ZipFile();
  const options = { mtime: new Date(315_532_800_000), mode: 0o100_644 };
  for (const file of files) archive.addFile(file, relative(folder, file).replaceAll('\\', '/'), options);
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(zipPath));
}

async function bytesOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const { values } = parseArgs({
  options: { arch: { type: 'string', default: 'x64' }, model: { type: 'string', multiple: true } },
});
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
await bundle();
await installNative(values.arch);
await copyModels(values.model);
const files = await filesOf(folder);
await zip(files);

const sizes = { zipped: (await stat(zipPath)).size, unpacked: await bytesOf(files) };
for (const [name, limit] of Object.entries(limits)) {
  const size = sizes[name as keyof typeof sizes];
  console.log(`${name}: ${(size / 2 ** 20).toFixed(1)} MiB of ${limit / 2 ** 20} MiB`);
  if (size > limit) throw new Error(`The function is too large for Lambda (${name}); serve fewer models with --model.`);
}
