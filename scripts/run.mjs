// Runs a TypeScript file of this clone; installs the packages first when they are missing or out of date.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { exclusively } from './exclusively.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `text-recognizer needs Node 20.19 or later; this is ${process.version}. Install one from https://nodejs.org.`,
  );
  process.exit(1);
}

function isInstalled() {
  const stamp = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(stamp)) return false;
  return statSync(stamp).mtimeMs >= statSync(join(root, 'package.json')).mtimeMs || sameVersions(stamp);
}

/** A fresh checkout gives package.json a new time: compare what is installed with the lock file before reinstalling. */
function sameVersions(stamp) {
  const read = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const installed = read(stamp);
  const wanted = Object.entries(read(join(root, 'package-lock.json')));
  return wanted.every(
    ([name, entry]) => name === '' || entry.optional || entry.link || installed[name]?.version === entry.version,
  );
}

/** Installs the packages, unless another program just did. */
function install() {
  if (isInstalled()) return 0;
  console.error('Installing packages (once) …');
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const options = { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' };
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], options);
  if (status !== 0) console.error('npm ci failed; is the npm registry reachable? Run `npm ci` here to see more.');
  return status ?? 1;
}

requireNode();
if (!isInstalled()) {
  const status = await exclusively(join(root, '.installing'), 'installs the packages', install);
  if (status !== 0) process.exit(status);
}
const [script, ...args] = process.argv.slice(2);
process.argv = [process.execPath, join(root, script), ...args];
const { register } = await import('tsx/esm/api');
register();
await import(pathToFileURL(process.argv[1]).href);
