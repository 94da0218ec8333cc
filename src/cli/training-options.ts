import type { Command } from 'commander';
import type { TrackerKind } from '../experiments/trackers/tracker-kinds.ts';
import type { Device } from '../runtime/session.ts';
import {
  collect,
  dataRootOption,
  deviceOption,
  skipBadOption,
  threadsOption,
  trackOption,
  wholeNumber,
} from './options.ts';

/** Flags of every command that trains. */
export interface TrainingFlags {
  readonly folder?: string;
  readonly test?: readonly string[];
  readonly checkpointSeconds: number;
  readonly dataRoot: string;
  readonly skipBad?: boolean;
  readonly device: Device;
  readonly threads?: number;
  readonly track?: readonly TrackerKind[];
}

/** Adds these flags to a command that trains one run or a group of runs. */
export function addTrainingOptions(command: Command, what: 'run' | 'group'): Command {
  return command
    .option('--folder <folder>', `the folder of the ${what} (default: runs/NAME)`)
    .option('--test <name>', 'report on this data set or prefix; may be given several times', collect)
    .option('--checkpoint-seconds <number>', 'seconds between checkpoints', wholeNumber(0), 120)
    .addOption(skipBadOption())
    .addOption(dataRootOption())
    .addOption(deviceOption())
    .addOption(
      what === 'run' ? threadsOption() : threadsOption('threads of each run (default: its share of the cores)'),
    )
    .addOption(trackOption(what === 'run' ? 'also show the run there' : 'also show the runs there'));
}
