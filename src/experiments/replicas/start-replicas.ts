import type { ChildProcess } from 'node:child_process';
import { forkModule } from '../../runtime/fork-module.ts';
import type { SessionOptions } from '../../runtime/session.ts';
import type { OpenOptions } from '../../tasks/task.ts';
import type { FirstReplica } from '../../training/replicas/first-replica.ts';
import type { Recipe } from '../recipe.ts';

/** What the process of a replica is told. */
export interface ReplicaRequest {
  readonly recipe: Recipe;
  readonly address: string;
  readonly rank: number;
  readonly count: number;
  readonly options: SessionOptions & OpenOptions;
}

/** Starts all replicas but the first one on this machine; when one ends without a reason, the first one is told. */
export function startReplicas(
  replica: FirstReplica,
  recipe: Recipe,
  options: ReplicaRequest['options'],
): { readonly pids: readonly (number | undefined)[] } {
  const { address, count } = replica;
  const children = Array.from({ length: count - 1 }, (_, i) => {
    const child = forkModule(new URL('./replica.process.ts', import.meta.url), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    tellWhenLost(child, i + 1, replica);
    const request: ReplicaRequest = { recipe, address, rank: i + 1, count, options };
    child.send(request);
    return child;
  });
  return { pids: children.map(({ pid }) => pid) };
}

function tellWhenLost(child: ChildProcess, rank: number, replica: FirstReplica): void {
  child.on('error', ({ message }) => replica.lose(`Replica ${rank} could not be started (${message})`));
  child.on('exit', (code, signal) => {
    if (code !== 0) replica.lose(`Replica ${rank} ended by ${signal ?? `exit code ${code}`}`);
  });
  // It ends by itself, when the training is over.
  child.unref();
  child.channel?.unref();
}
