/*
 * Compares groups of experiments with Ray Tune, in turns on this machine: what a trial that does nothing costs, and how long a group takes whose
 * trials are the same commands. `PYTHON` is an interpreter with `ray[tune]`, `ROUNDS` how often they take turns:
 * `node scripts/run.mjs scripts/compare-ray.ts PYTHON [TRIALS] [ROUNDS] [GROUP]`.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { deviceSlots, type DeviceSlot } from '../src/experiments/scheduler/device-slots.ts';
import { runGroup } from '../src/experiments/scheduler/run-group.ts';
import { writeRunResult } from '../src/experiments/scheduler/run-result.ts';
import { launchHere, type Launch } from '../src/experiments/scheduler/start-attempt.ts';
import type { Group } from '../src/experiments/search/group.ts';
import { readGroup } from '../src/experiments/search/read-group.ts';

const [python, trials = '200', rounds = '6', file = 'experiments/samples/mlp-grid.json'] = process.argv.slice(2);
if (python === undefined) throw new Error('Give a Python interpreter with ray[tune].');

const folder = await mkdtemp(join(tmpdir(), 'compare-ray-'));
const cores = availableParallelism();
const slots = await deviceSlots({ threads: 1, lockRoot: join(folder, 'devices') });
const sample = await readGroup(file);
const result = { name: 'ended', model: 'none', epoch: 1, metric: 'valAccuracy', value: 0.5, figures: {} };
const ignore = (): void => undefined;
const ray = await startRay();

try {
  const perRound = Math.ceil(Number(trials) / Number(rounds));
  const nothing = { process: 0, ours: 0, ray: 0 };
  const group = { command: 0, ours: 0, ray: 0 };
  const loads: number[] = [];
  const ended = await endedRuns(perRound);
  for (let round = 0; round < Number(rounds); round++) {
    loads.push(loadavg()[0]);
    nothing.process += await secondsOf(() => eachOn(slots, ended, attempt));
    nothing.ours += await secondsOf(() => runEnded(ended, join(folder, `nothing-${round}`)));
    nothing.ray += await ray.seconds(range(perRound).map(() => null));
    const part = sample.runs.filter((_, i) => i % Number(rounds) === round).map(({ name }) => name);
    const commands = await Promise.all(['command', 'ours', 'ray'].map((side) => commandsFor(part, side)));
    group.command += await secondsOf(() => eachOn(slots, commands[0], (command) => shell(command)));
    group.ours += await secondsOf(() => runCommands(commands[1], join(folder, `group-${round}`)));
    group.ray += await ray.seconds(commands[2]);
  }
  loads.push(loadavg()[0]);
  const count = perRound * Number(rounds);
  const each = (seconds: number) => ((1000 * seconds) / count).toFixed(0);
  const ratio = (a: number, b: number) => (a / b).toFixed(3);
  console.log(`Ray ${ray.version}, Node ${process.versions.node}, ${cores} cores, load ${loads.map((l) => l.toFixed(1)).join(', ')}

| | processes alone | experiments | Ray Tune |
|---|---|---|---|
| ${count} trials that do nothing, ms each | ${each(nothing.process)} | ${each(nothing.ours)} (${ratio(nothing.ours, nothing.process)}) | ${each(nothing.ray)} (${ratio(nothing.ray, nothing.process)}) |
| ${sample.runs.length} runs of ${sample.name}, s in all | ${group.command.toFixed(1)} | ${group.ours.toFixed(1)} (${ratio(group.ours, group.command)}) | ${group.ray.toFixed(1)} (${ratio(group.ray, group.command)}) |`);
} finally {
  ray.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Folders of runs that have ended: an attempt reads that, and has nothing to do. */
async function endedRuns(count: number): Promise<string[]> {
  const folders = range(count).map((i) => join(folder, 'ended', String(i)));
  for (const each of folders) await writeRunResult(each, result);
  return folders;
}

/** The process of a run, with nothing around it. */
async function attempt(at: string, slot: DeviceSlot): Promise<void> {
  const [{ name, experiment }] = sample.runs;
  const options = { dataRoot: 'data', threads: 1 };
  const request = { name, experiment, folder: at, monitor: sample.monitor, options, locks: slot.locks };
  const { ended } = await launchHere(request, slot, { report: ignore, begun: ignore, lost: ignore });
  const { state } = await ended;
  if (state !== 'finished') throw new Error(`The attempt ended as ${state}.`);
}

/** The same processes by our scheduler. */
async function runEnded(folders: readonly string[], at: string): Promise<void> {
  const launch: Launch = (request, slot, hooks) =>
    launchHere({ ...request, folder: folders[Number(request.name)], shared: undefined }, slot, hooks);
  await runAll(folders.length, launch, at);
}

/** Commands by our scheduler. */
async function runCommands(commands: readonly string[], at: string): Promise<void> {
  const launch: Launch = async ({ name }, { label }, { begun }) => {
    begun({ device: label });
    const ended = shell(commands[Number(name)]).then(() => ({ state: 'finished' as const, result }));
    return { ended, stop: ignore };
  };
  await runAll(commands.length, launch, at);
}

async function runAll(count: number, launch: Launch, at: string): Promise<void> {
  const [{ experiment, recipe }] = sample.runs;
  const runs = range(count).map((i) => ({ name: String(i), experiment, recipe, settings: {} }));
  const group: Group = { ...sample, halving: undefined, population: undefined, runs };
  const { finished } = await runGroup(group, { folder: at, dataRoot: 'data', launcher: { launch, slots, place: at } });
  if (finished !== count) throw new Error(`${finished} of ${count} runs finished.`);
}

/** What `experiments prepare` prints for these runs. */
async function commandsFor(names: readonly string[], side: string): Promise<string[]> {
  const cli = ['scripts/run.mjs', 'src/cli/main.ts', 'experiments', 'prepare', file];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...cli,
    '--threads',
    '1',
    '--folder',
    join(folder, side),
  ]);
  return stdout.split('\n').filter((command) => names.some((name) => command.endsWith(` ${name}`)));
}

/** Does all of them, as many at a time as there are slots. */
async function eachOn<Item>(
  on: readonly DeviceSlot[],
  items: readonly Item[],
  work: (item: Item, slot: DeviceSlot) => Promise<unknown>,
): Promise<void> {
  const left = [...items];
  await Promise.all(
    on.map(async (slot) => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item, slot);
    }),
  );
}

async function shell(command: string): Promise<void> {
  const child = spawn(command, { shell: true, stdio: 'ignore' });
  const code = await new Promise((resolve) => child.on('exit', resolve));
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}.`);
}

async function startRay() {
  const program = join(import.meta.dirname, 'ray-trials.py');
  // Its workers would give way to everything else on the machine, as ours do not.
  const env = { ...process.env, RAY_USAGE_STATS_ENABLED: '0', RAY_worker_niceness: '0' };
  const child = spawn(python, [program, String(cores)], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${python} ${program} ended: has it ray[tune]?`);
    return JSON.parse(value) as Record<string, unknown>;
  };
  const { version } = await answer();
  return {
    version: String(version),
    async seconds(commands: readonly (string | null)[]): Promise<number> {
      child.stdin.write(`${JSON.stringify(commands)}\n`);
      const { seconds, trials: ran, failed } = await answer();
      if (ran !== commands.length || failed !== 0) throw new Error(`Ray: ${String(failed)} of ${String(ran)} failed.`);
      return Number(seconds);
    },
    stop: () => child.stdin.end(),
  };
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
