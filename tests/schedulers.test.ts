import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { compiledCli } from './support/run-cli.ts';
import { writeSmallSample } from './support/write-small-sample.ts';

const page = readFileSync(fileURLToPath(new URL('../docs/experiments.md', import.meta.url)), 'utf8');
const isPosix = process.platform !== 'win32';
const hasParallel = isPosix && /GNU parallel/.test(spawnSync('parallel', ['--version'], { encoding: 'utf8' }).stdout);
if (!hasParallel) console.warn('Skipped: there is no GNU parallel (Debian: apt-get install parallel).');

/** The first block of a language on the page that contains a text. */
function block(language: string, containing: string): string {
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text);
  return blocks.find((text) => text.includes(containing))!;
}

let folder: string;
const path = (...names: readonly string[]) => join(folder, ...names);
const cli = (args: readonly string[]) => execFileSync(process.execPath, [compiledCli, ...args], { encoding: 'utf8' });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'schedulers-'));
  const base = {
    name: 'small',
    network: { name: 'mlp', config: { hidden: [8] } },
    data: { train: [await writeSmallSample(folder, 48)], validationShare: 0.25 },
    training: {
      epochs: 1,
      batchSize: 16,
      optimizer: { kind: 'adamw' },
      schedule: { kind: 'constant', learningRate: 0.01 },
    },
  };
  const search = { kind: 'grid', fields: { 'training.seed': [1, 2] } };
  writeFileSync(path('group.json'), JSON.stringify({ name: 'small', base, search }));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!hasParallel)('GNU parallel runs what `prepare` prints', () => {
  const [, options] = / \| parallel (.*)$/m.exec(block('sh', '| parallel'))!;
  const input = cli(['experiments', 'prepare', path('group.json'), '--folder', path('parallel'), '--threads', '1']);
  execFileSync('parallel', options.split(' '), { input, stdio: ['pipe', 'ignore', 'ignore'] });
  for (const run of ['seed=1', 'seed=2']) expect(existsSync(path('parallel', run, 'result.json'))).toBe(true);
});

test.skipIf(!isPosix)('a task of a Slurm array trains the run of its number', () => {
  const script = block('bash', '#SBATCH');
  const command = `'${process.execPath}' '${compiledCli}'`;
  writeFileSync(path('group.sh'), script.replace('npx text-recognizer', command));
  execFileSync('bash', [path('group.sh')], {
    cwd: folder,
    env: { ...process.env, SLURM_ARRAY_TASK_ID: '1' },
    stdio: 'ignore',
  });
  expect(existsSync(path('runs/group/seed=2/result.json'))).toBe(true);
  expect(existsSync(path('runs/group/seed=1'))).toBe(false);
});

test('the Job is valid by the schema of Kubernetes, which refuses what is wrong', () => {
  const job = parse(block('yaml', 'kind: Job')) as ConstructorParameters<typeof Job>[0];
  new Job(job).validate();
  expect(() => new Job({ ...job, spec: { completions: 'many' } } as never).validate()).toThrow(/completions|template/);
});
