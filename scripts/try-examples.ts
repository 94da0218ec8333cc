import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Packs this package, unless its file is given, looks at the file's size, installs it into a copy of every project in examples/ and runs
 * them, with nothing but the npm registry.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const shell = process.platform === 'win32';
/** Most bytes of the packed file. */
const limit = 110 * 2 ** 20;
const image = join(root, 'data/emnist-sample/images/lower-d.png');

function run(folder: string, ...args: readonly string[]): string {
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', npm_config_loglevel: 'error' };
  return execFileSync('npm', args, { cwd: folder, env, shell, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

async function pack(): Promise<string> {
  run(root, 'run', 'release');
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return join(root, `dist/text-recognizer-${version}.tgz`);
}

/** Installs the file into a copy of the example, and runs it. */
async function tryExample(name: string, file: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), `example-${name}-`));
  try {
    await cp(join(root, 'examples', name), folder, { recursive: true });
    run(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', file);
    const { scripts } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    if (scripts.build !== undefined) run(folder, 'run', 'build');
    if (name === 'browser') await checkPage(folder);
    else checkAnswer(run(folder, 'run', '--silent', 'start', '--', image));
    console.log(`examples/${name} works.`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function checkAnswer(answer: string): void {
  if (answer.trim() !== 'd (1.00)') throw new Error(`The example said '${answer}' instead of 'd (1.00)'.`);
}

/** A page must have the client, and nothing that only Node has. */
async function checkPage(folder: string): Promise<void> {
  const assets = join(folder, 'dist/assets');
  const scripts = (await readdir(assets)).filter((file) => file.endsWith('.js'));
  const code = (await Promise.all(scripts.map((file) => readFile(join(assets, file), 'utf8')))).join('\n');
  if (!code.includes('/v1/predict')) throw new Error('The client is not in the bundle.');
  if (/node:|require\(/.test(code)) throw new Error('The bundle has something of Node in it.');
}

const file = process.argv[2] ?? (await pack());
const { size } = await stat(file);
console.log(`${file}: ${(size / 2 ** 20).toFixed(1)} MiB`);
if (size > limit) throw new Error(`The package has more than ${limit / 2 ** 20} MiB.`);
const entries = await readdir(join(root, 'examples'), { withFileTypes: true });
const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
for (const name of names) await tryExample(name, file);
console.log(`${names.length} passed, 0 failed`);
