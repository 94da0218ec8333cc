// Runs a TypeScript file of this clone; installs the packages first when they are missing or out of date.
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { exclusively } from './exclusively.mjs';
import { areInstalled, installPackages } from './install-packages.mjs';
import { prunePackages } from './prune-packages.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `text-recognizer needs Node 20.19 or later; this is ${process.version}. Install one from https://nodejs.org.`,
  );
  process.exit(1);
}

/** The command line needs no packages for development; tests, benchmarks and scripts do. */
const [script, ...args] = process.argv.slice(2);
const dev = !script.startsWith('src/cli/');
const isInstalled = () => areInstalled(root, { dev });

/** Installs the packages, unless another program just did. */
async function install() {
  if (isInstalled()) return undefined;
  const problem = await installPackages(root, { dev, what: 'Installing packages (once)' });
  if (problem === undefined) prunePackages(join(root, 'node_modules'));
  return problem;
}

requireNode();
if (!isInstalled()) {
  const problem = await exclusively(join(root, '.installing'), 'installs the packages', install);
  if (problem !== undefined) {
    console.error(`The packages were not installed: ${problem}. Run \`npm ci\` here to see more.`);
    process.exit(1);
  }
}
process.argv = [process.execPath, join(root, script), ...args];
// Compiled code is kept between runs, where Node can (22.8 and later): the next one starts faster.
module.enableCompileCache?.();
// So that `import 'text-recognizer'` is what the sources say, built or not.
const { resolve } = await import('./source-condition.mjs');
// Node 22.18 and later run TypeScript by themselves, in half the time that tsx takes to begin.
if (process.features.typescript) module.registerHooks({ resolve });
else {
  const { register } = await import('tsx/esm/api');
  register();
  module.register('./source-condition.mjs', import.meta.url);
}
await import(pathToFileURL(process.argv[1]).href);
