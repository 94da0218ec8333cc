// Builds the page in web/, or with `dashboard` that of the runs, with `monitor` that of the monitoring, where it is missing or older than its sources; `--force` builds it in any
// case.
// It has packages of its own, which are installed first, with `--with-tests` those of its tests, too. Without them, the server still
// serves its API.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exclusively } from './exclusively.mjs';
import { areInstalled, installPackages } from './install-packages.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const web = join(root, 'web');
const part = ['dashboard', 'monitor'].find((name) => process.argv.includes(name));
const folder = part === undefined ? 'web' : `web/${part}`;
const ofPage = [
  'web/vite.config.ts',
  'web/public',
  'web/src',
  'src/client',
  'src/formats',
  'src/images',
  'src/models',
  'src/reading',
  'src/text',
  'models',
];
/** The page of the monitoring takes charts and colours of that of the runs. */
const ofPart = [`web/vite.${part}.config.ts`, `${folder}/src`, 'web/dashboard/src', 'web/src/element.ts'];
const sources = [
  `${folder}/index.html`,
  'web/package-lock.json',
  'web/build',
  ...(part === undefined ? ofPage : ofPart),
];

/** When a file, or the newest in a folder, was changed; 0 where it is missing. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function runBuild() {
  const options = { cwd: web, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' };
  return (
    spawnSync('npm', ['run', part === undefined ? 'build' : `build:${part}`, '--loglevel=error'], options).status === 0
  );
}

async function install() {
  if (areInstalled(web, { dev: withTests })) return undefined;
  return await installPackages(web, { dev: withTests, what: 'Installing what builds the page (once)' });
}

async function build() {
  const problem = await install();
  if (problem !== undefined) return problem;
  console.error('Building the page (once) …');
  return runBuild() ? undefined : 'npm run build failed in web/';
}

function isBuilt() {
  return (
    newest(join(root, folder, 'dist', 'index.html')) >= Math.max(...sources.map((path) => newest(join(root, path))))
  );
}

const isForced = process.argv.includes('--force');
const withTests = process.argv.includes('--with-tests');
const isWanted = () => {
  if (isForced || (withTests && !areInstalled(web, { dev: true }))) return true;
  return existsSync(join(root, folder, 'src')) && !isBuilt();
};

/** Builds the page, unless another program just did. */
async function buildIfWanted() {
  if (!isWanted()) return;
  const problem = await build();
  if (problem === undefined) return;
  console.error(`The page was not built: ${problem}. Run it in web/ to see why. The API still works.`);
  if (isForced) process.exitCode = 1;
}

if (isWanted()) await exclusively(join(web, '.building'), 'builds the page', buildIfWanted);
