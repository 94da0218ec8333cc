// Builds the page in web/ where it is missing or older than its sources; `--force` builds it in any case.
// It has packages of its own, which are installed first. Without them, the server still serves its API.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exclusively } from './exclusively.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const web = join(root, 'web');
const sources = [
  'web/index.html',
  'web/package-lock.json',
  'web/vite.config.ts',
  'web/build',
  'web/public',
  'web/src',
  'src/images',
  'src/models',
  'src/predictors',
  'src/text',
  'models',
];

/** When a file, or the newest in a folder, was changed; 0 where it is missing. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function npm(...args) {
  const env = { ...process.env, npm_config_audit: 'false', npm_config_fund: 'false', npm_config_loglevel: 'error' };
  const options = { cwd: web, env, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' };
  const { status } = spawnSync('npm', args, options);
  return status === 0;
}

function build() {
  const lock = newest(join(web, 'package-lock.json'));
  if (newest(join(web, 'node_modules', '.package-lock.json')) < lock && !npm('ci')) return 'npm ci failed in web/';
  return npm('run', 'build') ? undefined : 'npm run build failed in web/';
}

function isBuilt() {
  return newest(join(web, 'dist', 'index.html')) >= Math.max(...sources.map((path) => newest(join(root, path))));
}

const isForced = process.argv.includes('--force');
const isWanted = () => isForced || (existsSync(join(web, 'src')) && !isBuilt());

/** Builds the page, unless another program just did. */
function buildIfWanted() {
  if (!isWanted()) return;
  console.error('Building the page (once, about a minute) …');
  const problem = build();
  if (problem)
    console.error(`The page was not built: ${problem}; run it there to see why. The API works all the same.`);
  if (problem && isForced) process.exitCode = 1;
}

if (isWanted()) await exclusively(join(web, '.building'), 'builds the page', buildIfWanted);
