import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { QueueWorkerEvent } from '../../src/experiments/queue/queue-work.ts';
import { sendSignal } from './disturb-group.ts';
import type { Machine } from './machine-room.ts';
import { startCli, type CliEnding } from './run-cli.ts';

/** An `experiments worker` in a process of its own, as if on a machine of its own. */
export class QueueWorkerProcess {
  readonly ending: Promise<CliEnding>;
  readonly events: QueueWorkerEvent[] = [];
  readonly #kill: (signal: NodeJS.Signals) => void;
  /** Of the attempts that run. */
  readonly #attempts = new Map<string, number>();

  private constructor({ redis, prefix }: Pick<Machine, 'redis' | 'prefix'>, temporary: string) {
    const args = ['experiments', 'worker', '--queue', redis, '--workers', '1', '--threads', '1'];
    const { child, ending } = startCli([...args, '--lock-seconds', '2', '--json'], {
      env: { TMPDIR: temporary },
      prefix,
    });
    this.ending = ending;
    this.#kill = (signal) => void child.kill(signal);
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const event = JSON.parse(line) as QueueWorkerEvent;
      this.events.push(event);
      if (event.event === 'taken') this.#attempts.set(event.run, event.pid!);
      if (event.event === 'ended') this.#attempts.delete(event.run);
    });
  }

  static async start(machine: Pick<Machine, 'redis' | 'prefix'>, folder: string): Promise<QueueWorkerProcess> {
    return new QueueWorkerProcess(machine, await mkdtemp(join(folder, 'worker-')));
  }

  /** Whether an attempt of that process is here. */
  has(pid: number | undefined): boolean {
    return [...this.#attempts.values()].some((attempt) => attempt === pid);
  }

  /** To the worker. */
  signal(signal: NodeJS.Signals): void {
    this.#kill(signal);
  }

  /** To what it has started, where that has not just ended. */
  signalAttempts(signal: NodeJS.Signals): void {
    for (const pid of this.#attempts.values()) sendSignal(pid, signal);
  }
}
