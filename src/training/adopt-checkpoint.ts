import { createHash } from 'node:crypto';
import type { JsonValue } from './callback.ts';
import type { Checkpoint } from './checkpoint-format.ts';
import type { OptimizerInput } from './optimizers.ts';
import type { Schedule } from './schedules.ts';

/** Settings that a training may go on with although it was begun with others. */
export interface ChangedSettings {
  readonly optimizer: OptimizerInput;
  readonly schedule: Schedule;
}

/**
 * The checkpoint of a training with the weights and the state of the optimiser of another one that is as far, to go on from there with
 * these settings; everything else stays its own: seed, best epoch, log.
 */
export function adoptCheckpoint(
  own: Checkpoint,
  tensors: Checkpoint['tensors'],
  { optimizer, schedule }: ChangedSettings,
): Checkpoint {
  const config = { ...(own.meta.config as object), optimizer, schedule };
  const text = JSON.stringify(config);
  const configHash = createHash('sha256').update(text).digest('hex');
  return { tensors, meta: { ...own.meta, schedule, configHash, config: JSON.parse(text) as JsonValue } };
}
