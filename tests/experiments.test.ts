import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readGroup } from '../src/experiments/search/read-group.ts';
import { killProcess, locksIn, outcomeOfRun, runGroupCli } from './support/disturb-group.ts';
import { runCli } from './support/run-cli.ts';
import { writeSmallSample } from './support/write-small-sample.ts';

// Half a minute in all; more where other work takes the processor.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let folder: string;
let file: string;

const path = (...names: readonly string[]) => join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'experiments-'));
  await mkdir(path('tmp'));
  file = path('group.json');
  const base = {
    name: 'small',
    network: { name: 'mlp', config: { hidden: [16] } },
    data: { train: [await writeSmallSample(folder, 24)], validationShare: 0.25 },
    training: {
      epochs: 4,
      batchSize: 16,
      optimizer: { kind: 'adamw' },
      schedule: { kind: 'one-cycle', learningRate: 0.01 },
      augment: true,
    },
  };
  const seeds = (...values: number[]) => ({ kind: 'grid', fields: { 'training.seed': values } });
  await writeFile(file, JSON.stringify({ name: 'small-group', base, search: seeds(1, 2) }));
  await writeFile(
    path('halving.json'),
    JSON.stringify({
      name: 'small-halving',
      base,
      search: seeds(1, 2, 3),
      halving: { reduction: 4, grace: 1, asynchronous: false },
    }),
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

// Windows has no signals to send to another process.
const onPosix = describe.skipIf(process.platform === 'win32');

onPosix('a group', () => {
  const args = (name: string) => [file, '--folder', path(name), '--workers', '2', '--retries', '100'];
  const names = ['seed=1', 'seed=2'];
  const outcomes = (name: string) => Promise.all(names.map((run) => outcomeOfRun(path(name, run))));

  test('whose workers and scheduler are killed ends like one that is left alone, each run once', async () => {
    const reference = await runGroupCli(args('reference'), path('tmp'));
    expect(reference.stderr).toBe('');
    expect(reference).toMatchObject({ code: 0, summary: { finished: 2, failed: 0, stopped: 0 } });

    let killed = 0;
    const first = await runGroupCli(args('disturbed'), path('tmp'), (event, { workers, killScheduler }) => {
      // Two attempts are killed after an epoch of several, the scheduler when it has started another instead.
      if (event.event === 'started' && killed === 2) killScheduler();
      const pid = event.event === 'epoch' ? workers.get(event.run) : undefined;
      if (pid === undefined || killed === 2) return;
      killed += 1;
      killProcess(pid);
    });
    expect(killed).toBe(2);
    expect(first.code).toBe(null);
    const second = await runGroupCli(args('disturbed'), path('tmp'));
    expect(second.summary).toEqual(reference.summary);
    expect(await outcomes('disturbed')).toEqual(await outcomes('reference'));
    expect(await locksIn(path('disturbed'), path('tmp'))).toEqual([]);
  });

  test('that is finished is not run again', async () => {
    const events: unknown[] = [];
    const again = await runGroupCli(args('reference'), path('tmp'), (event) => events.push(event));
    expect(again).toMatchObject({ code: 0, summary: { finished: 2, failed: 0, stopped: 0 } });
    expect(events).toEqual([]);
  });

  test('that was changed since is refused', async () => {
    const text = await readFile(file, 'utf8');
    await writeFile(path('changed.json'), text.replace('"epochs":4', '"epochs":5'));
    const { code, stderr } = await runCli(['experiments', 'run', path('changed.json'), '--folder', path('reference')]);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^INVALID_ARGUMENT: .*seed=1 has a run of another experiment/),
    });
  });

  test('is saved at Ctrl-C, and the same command resumes', async () => {
    const stopped = await runGroupCli(args('interrupted'), path('tmp'), (event, { interrupt }) => {
      if (event.event === 'epoch') interrupt();
    });
    expect(stopped.code).toBe(130);
    expect(stopped.summary?.failed).toBe(0);
    expect(await locksIn(path('interrupted'), path('tmp'))).toEqual([]);
    expect(await runGroupCli(args('interrupted'), path('tmp'))).toMatchObject({ code: 0, summary: { finished: 2 } });
    expect(await outcomes('interrupted')).toEqual(await outcomes('reference'));
  });

  test('has no run of another name or number', async () => {
    const { code, stderr } = await runCli(['experiments', 'run', file, '--only', '2']);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/has no run '2'; give a number from 0 to 1/),
    });
  });
});

test('`prepare` prints a command for each run, which ends as the group does', async () => {
  const { code, stdout } = await runCli(['experiments', 'prepare', file, '--folder', path('prepared')]);
  expect(code).toBe(0);
  const commands = stdout.trimEnd().split('\n');
  expect(commands.map((command) => / --only (\S+)$/.exec(command)?.[1])).toEqual(['seed=1', 'seed=2']);
  const words = commands[1].split(' ');
  const end = await runCli(words.slice(words.indexOf('experiments')));
  expect(end, end.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/^seed=2: valAccuracy 0\.\d+\n$/) });
  expect(await readdir(path('prepared'))).toEqual(['seed=2']);
});

test('successive halving trains the best to the end, and the others to the grace', async () => {
  const ending = await runGroupCli([path('halving.json'), '--folder', path('halving')], path('tmp'));
  expect(ending).toMatchObject({ code: 0, summary: { finished: 1, failed: 0, stopped: 2 } });
  const { runs } = await readGroup(path('halving.json'));
  const epochs = await Promise.all(runs.map(({ name }) => epochsOf(path('halving', name))));
  const firstAccuracies = epochs.map((values) => values[0]);
  const best = firstAccuracies.indexOf(Math.max(...firstAccuracies));
  expect(epochs.map(({ length }) => length)).toEqual(runs.map((_, i) => (i === best ? 4 : 1)));
  expect(ending.summary?.best?.run).toBe(runs[best].name);
  expect(ending.summary?.best?.value).toBe(Math.max(...epochs[best]));
});

async function epochsOf(run: string): Promise<number[]> {
  const lines = (await readFile(join(run, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
  const records = lines.map((line) => JSON.parse(line) as { event: string; metrics: { valAccuracy: number } });
  return records.filter(({ event }) => event === 'epoch').map(({ metrics }) => metrics.valAccuracy);
}
