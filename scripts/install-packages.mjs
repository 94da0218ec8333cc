import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How often progress is shown, in milliseconds: on a terminal in one line, otherwise in a line of its own each time. */
const SHOW_MS = { terminal: 250, log: 5000 };
/** After so long without a first package, in milliseconds, the registry is said to be silent. */
const SILENCE_MS = 8000;
/** So many failures before a first package, and the registry is not reachable: npm alone would continue for more than a minute. */
const HOPELESS_FAILURES = 10;

const npmArguments = [
  'ci',
  '--prefer-offline',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  // Names each package as it comes, and each request that fails.
  '--loglevel=http',
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=2000',
  '--fetch-retry-maxtimeout=2000',
];

/** Whether the packages of the lock file in `folder` are there in their versions; those for development only if `dev`. */
export function areInstalled(folder, { dev }) {
  const installed = installedPackages(folder);
  if (installed === undefined) return false;
  const isThere = ([name, { version, optional, link, dev: isDev }]) =>
    name === '' || optional || link || (isDev && !dev) || installed[name]?.version === version;
  return Object.entries(readPackages(join(folder, 'package-lock.json'))).every(isThere);
}

function readPackages(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

/** What npm has noted of the packages in `folder`; undefined where it has installed none. */
function installedPackages(folder) {
  const stamp = join(folder, 'node_modules', '.package-lock.json');
  return existsSync(stamp) ? readPackages(stamp) : undefined;
}

/** `npm ci --omit=dev` would remove a developer's compiler and linter. */
function hasDevelopmentPackages(folder) {
  return Object.values(installedPackages(folder) ?? {}).some(({ dev }) => dev);
}

/**
 * Runs `npm ci` in `folder`, without packages for development unless `dev` or some are there already; shows progress as `what`, and soon ends where no registry
 * can be reached. Resolves with undefined, or with what went wrong.
 */
export async function installPackages(folder, { dev, what }) {
  const args = dev || hasDevelopmentPackages(folder) ? npmArguments : [...npmArguments, '--omit=dev'];
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const stdio = ['ignore', 'ignore', 'pipe'];
  const npm = spawn('npm', args, { cwd: folder, env, stdio, shell: process.platform === 'win32' });
  const progress = showProgress(what);
  const found = watch(npm, progress);
  const problem = await new Promise((resolve) => {
    npm.once('error', ({ message }) => resolve(`npm could not be started: ${message}`));
    npm.once('close', (code) => resolve(code === 0 ? undefined : 'npm ci failed'));
  });
  progress.end();
  if (problem === undefined) return undefined;
  return found.unreachable ? `the npm registry cannot be reached: ${found.unreachable}` : problem;
}

/** Reads what npm says: counts packages, passes on its errors, and ends it when the registry cannot be reached. */
function watch(npm, progress) {
  const found = { failures: 0, unreachable: undefined };
  createInterface({ input: npm.stderr }).on('line', (line) => {
    const [, url, reason] = /^npm http fetch \S+ (\S+) attempt \d+ failed with (\S+)/.exec(line) ?? [];
    if (url !== undefined) {
      if (progress.count() > 0 || ++found.failures < HOPELESS_FAILURES || found.unreachable) return;
      found.unreachable = `${new URL(url).host} (${reason})`;
      npm.kill();
    } else if (line.startsWith('npm http ')) {
      if (/^npm http (?:fetch GET (?:200|304)|cache) \S+\.tgz\b/.test(line)) progress.add();
      progress.hear();
    } else if (!line.startsWith('npm warn') && found.unreachable === undefined) progress.say(line);
  });
  return found;
}

function showProgress(what) {
  const { isTTY } = process.stderr;
  const start = Date.now();
  let packages = 0;
  let isHeard = false;
  const show = () => {
    const line = `${what} … ${packages} packages, ${Math.round((Date.now() - start) / 1000)} s`;
    process.stderr.write(isTTY ? `\r${line}` : `${line}\n`);
  };
  const say = (line) => process.stderr.write(isTTY ? `\r${line}\n` : `${line}\n`);
  const silence = () => {
    if (!isHeard) say(`The npm registry has not answered for ${SILENCE_MS / 1000} s. Waiting; Ctrl-C stops.`);
  };
  process.stderr.write(isTTY ? `${what} …` : `${what} …\n`);
  const timers = [setInterval(show, isTTY ? SHOW_MS.terminal : SHOW_MS.log), setTimeout(silence, SILENCE_MS)];
  return {
    count: () => packages,
    add: () => packages++,
    hear: () => (isHeard = true),
    say,
    end: () => {
      timers.forEach(clearTimeout);
      if (isTTY) process.stderr.write('\n');
    },
  };
}
