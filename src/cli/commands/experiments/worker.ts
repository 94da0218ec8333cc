import { Command } from 'commander';
import type { QueueWorkerEvent } from '../../../experiments/queue/queue-work.ts';
import type { Device } from '../../../runtime/session.ts';
import { installInterrupt } from '../../../training/interrupt.ts';
import { deviceOption, threadsOption, wholeNumber } from '../../options.ts';

interface WorkerFlags {
  readonly queue: string;
  readonly workers?: number;
  readonly threads?: number;
  readonly device: Device;
  readonly dataRoot?: string;
  readonly lockSeconds: number;
  readonly json?: boolean;
}

/** `experiments worker`. */
export function queueWorkerCommand(): Command {
  return new Command('worker')
    .description('take runs from a queue and train them here, until Ctrl-C')
    .requiredOption('--queue <address>', 'the Redis that the runs are on, e.g. redis://host:6379')
    .option('--workers <number>', 'runs at a time (default: one per core or GPU)', wholeNumber(1))
    .option('--data-root <folder>', 'where data sets are on this machine (default: where the group says)')
    .option(
      '--lock-seconds <number>',
      'seconds without a heartbeat after which another worker takes over a run',
      wholeNumber(1),
      30,
    )
    .option('--json', 'print a JSON object per line for each event')
    .addOption(deviceOption())
    .addOption(threadsOption('threads of each run (default: its share of the cores)'))
    .action(work);
}

async function work({ queue, json, ...flags }: WorkerFlags): Promise<void> {
  // BullMQ takes a quarter of a second to load, which other commands need not wait for.
  const { workOnQueue } = await import('../../../experiments/queue/work-on-queue.ts');
  const abort = new AbortController();
  const uninstall = installInterrupt(() => abort.abort());
  try {
    await workOnQueue({
      ...flags,
      address: queue,
      signal: abort.signal,
      onNotice: (message) => console.error(message),
      onEvent: (event) => console.log(json ? JSON.stringify(event) : describe(event)),
    });
  } finally {
    uninstall();
  }
}

function describe(event: QueueWorkerEvent): string {
  switch (event.event) {
    case 'ready':
      return `Ready for ${event.slots} ${event.slots === 1 ? 'run' : 'runs'} at a time.`;
    case 'taken':
      return `${event.run}: taken on ${event.device}, attempt in process ${event.pid}`;
    case 'ended':
      return `${event.run}: ${event.how}`;
  }
}
