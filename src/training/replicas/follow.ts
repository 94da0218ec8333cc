import { learningRateAt, type Schedule } from '../schedules.ts';
import type { BatchSource } from '../trainer.ts';
import type { TrainingSession } from '../training-session.ts';
import { TrainingOver, type OtherReplica } from './other-replica.ts';

export interface FollowOptions {
  readonly epochs: number;
  readonly schedule: Schedule;
  /** What decides the result; all replicas must have the same. */
  readonly config: string;
  readonly replica: OtherReplica;
}

/** Trains along with the first replica from where it begins until it says that the training is over. Throws REPLICA_LOST when it is gone. */
export async function follow(session: TrainingSession, source: BatchSource, options: FollowOptions): Promise<void> {
  const { epochs, schedule, replica } = options;
  const start = await replica.begin(options.config);
  session.restore(start.state);
  const totalSteps = epochs * source.stepsPerEpoch;
  let { step } = start;
  try {
    if (start.epoch <= epochs) {
      for await (const batch of source.batches(start.epoch, start.stepInEpoch, epochs)) {
        const learningRate = learningRateAt(schedule, step, totalSteps);
        step += 1;
        await session.step(batch.inputs, step, learningRate, batch.shape, batch);
      }
    }
    // The first one evaluates and saves.
    for (;;) await replica.sum(new Float32Array(0));
  } catch (error) {
    if (!(error instanceof TrainingOver)) throw error;
  }
}
