import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { readGroup } from '../../../experiments/search/read-group.ts';
import { quoteForShell } from '../../quote-for-shell.ts';
import { addTrainingOptions, type TrainingFlags } from '../../training-options.ts';
import { groupArgument, needsScheduler } from './run.ts';

/** `experiments prepare FILE`. */
export function prepareGroupCommand(): Command {
  return addTrainingOptions(new Command('prepare'), 'group')
    .addArgument(groupArgument())
    .description('print a command for each run of a group, for GNU Parallel, Slurm, Ray or Kubernetes')
    .action(prepare);
}

async function prepare(file: string, flags: TrainingFlags): Promise<void> {
  const { name, runs, halving, population } = await readGroup(file);
  if (halving || population) throw needsScheduler(name);
  const folder = resolve(flags.folder ?? join('runs', name));
  const program = fileURLToPath(new URL('../../../../bin/text-recognizer.mjs', import.meta.url));
  const common = ['node', program, 'experiments', 'run', resolve(file), '--folder', folder, ...flagsOf(flags)];
  for (const run of runs) console.log([...common, '--only', run.name].map(quoteForShell).join(' '));
}

/** Paths are made absolute, as the commands may run elsewhere. */
function flagsOf({
  test = [],
  checkpointSeconds,
  skipBad,
  dataRoot,
  device,
  threads,
  track = [],
}: TrainingFlags): string[] {
  return [
    ...test.flatMap((name) => ['--test', name]),
    '--checkpoint-seconds',
    String(checkpointSeconds),
    '--data-root',
    resolve(dataRoot),
    '--device',
    device,
    ...(skipBad ? ['--skip-bad'] : []),
    ...(threads === undefined ? [] : ['--threads', String(threads)]),
    ...track.flatMap((tracker) => ['--track', tracker]),
  ];
}
