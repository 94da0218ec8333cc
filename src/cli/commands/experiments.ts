import { Command } from 'commander';
import { bestCommand } from './experiments/best.ts';
import { compareCommand } from './experiments/compare.ts';
import { listCommand } from './experiments/list.ts';
import { showCommand } from './experiments/show.ts';

/** `experiments`: what runs there are, and how they compare. */
export function experimentsCommand(): Command {
  return new Command('experiments')
    .description('list, show and compare runs, and find the best')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(compareCommand())
    .addCommand(bestCommand());
}
