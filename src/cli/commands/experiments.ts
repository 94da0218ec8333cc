import { Command } from 'commander';
import { bestCommand } from './experiments/best.ts';
import { compareCommand } from './experiments/compare.ts';
import { listCommand } from './experiments/list.ts';
import { prepareGroupCommand } from './experiments/prepare.ts';
import { runGroupCommand } from './experiments/run.ts';
import { showCommand } from './experiments/show.ts';
import { syncCommand } from './experiments/sync.ts';
import { queueWorkerCommand } from './experiments/worker.ts';

/** `experiments`: running groups, what runs there are, and how they compare. */
export function experimentsCommand(): Command {
  return new Command('experiments')
    .description('run groups of experiments; list, show and compare runs, find the best, and send runs to trackers')
    .addCommand(runGroupCommand())
    .addCommand(queueWorkerCommand())
    .addCommand(prepareGroupCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(compareCommand())
    .addCommand(bestCommand())
    .addCommand(syncCommand());
}
