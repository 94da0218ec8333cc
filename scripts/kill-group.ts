/*
 * Runs a group twice: once undisturbed, once while a worker is killed every few seconds and the scheduler twice. Both must end with the
 * same bytes, each run once, no device locked: `node scripts/run.mjs scripts/kill-group.ts [GROUP] [SECONDS]`.
 */
import { deepStrictEqual } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGroup } from '../src/experiments/search/read-group.ts';
import { Random } from '../src/random/random.ts';
import { compileSources } from '../tests/support/compile-sources.ts';
import { killProcess, locksIn, outcomeOfRun, runGroupCli, type Disturbance } from '../tests/support/disturb-group.ts';

const [file = 'experiments/samples/mlp-grid.json', seconds = '4'] = process.argv.slice(2);
// What is killed is the command line as the tests start it.
compileSources();
const { runs } = await readGroup(file);
const folder = await mkdtemp(join(tmpdir(), 'kill-group-'));
const args = (name: string) => [file, '--folder', join(folder, name), '--retries', '1000'];
const outcomes = (name: string) => Promise.all(runs.map((run) => outcomeOfRun(join(folder, name, run.name))));
const random = new Random(1);
const killed = { workers: 0, schedulers: 0 };

try {
  let start = performance.now();
  const reference = await runGroupCli(args('reference'), folder);
  deepStrictEqual(reference.summary?.finished, runs.length, reference.stderr);
  const undisturbed = lap();
  for (const share of [1 / 3, 2 / 3, 1]) await runDisturbed(share);
  const disturbed = lap();
  deepStrictEqual((await runGroupCli(args('disturbed'), folder)).summary, reference.summary);
  deepStrictEqual(await outcomes('disturbed'), await outcomes('reference'));
  deepStrictEqual(await locksIn(folder), []);
  console.log(
    `${runs.length} runs: the same bytes in ${disturbed} s, with ${killed.workers} workers and ${killed.schedulers} schedulers killed, as in ${undisturbed} s.`,
  );

  function lap(): number {
    const before = start;
    start = performance.now();
    return Math.round((start - before) / 1000);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Until that share of the runs has been finished by this scheduler or those before it; then it is killed, unless none is left. */
async function runDisturbed(share: number): Promise<void> {
  let disturbance: Disturbance | undefined;
  let finished = share === 1 ? 0 : Math.round((share - 1 / 3) * runs.length);
  const timer = setInterval(
    () => {
      const pids = [...(disturbance?.workers.values() ?? [])];
      if (pids.length > 0 && killProcess(pids[random.below(pids.length)])) killed.workers += 1;
    },
    1000 * Number(seconds),
  );
  const { code } = await runGroupCli(args('disturbed'), folder, (event, given) => {
    disturbance = given;
    if (event.event === 'finished') finished += 1;
    if (share < 1 && finished >= share * runs.length) given.killScheduler();
  });
  clearInterval(timer);
  if (code === null) killed.schedulers += 1;
}
