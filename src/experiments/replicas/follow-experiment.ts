import type { SessionOptions } from '../../runtime/session.ts';
import type { OpenOptions, Task } from '../../tasks/task.ts';
import { withTask } from '../../tasks/with-task.ts';
import type { Experiment } from '../../tasks/experiment-schema.ts';
import { fitAlong } from '../../training/fit.ts';
import type { OtherReplica } from '../../training/replicas/other-replica.ts';
import type { Recipe } from '../recipe.ts';

export interface FollowExperimentOptions extends SessionOptions, OpenOptions {
  readonly replica: OtherReplica;
  readonly onNotice?: (message: string) => void;
}

/**
 * Trains along, stage by stage, with the first replica, which is in `runExperiment` with the same recipe: it says where each stage begins and
 * when it is over, and it alone writes a run. Throws REPLICA_LOST when it is gone.
 */
export async function followExperiment(recipe: Recipe, options: FollowExperimentOptions): Promise<void> {
  await withTask(recipe.kind, (task) => followStages(task, recipe, options));
}

async function followStages<E extends Experiment, Calibration, Evaluation>(
  task: Task<E, Calibration, Evaluation>,
  { stages }: Recipe,
  options: FollowExperimentOptions,
): Promise<void> {
  const experiments = stages.map(({ experiment }) => task.schema.parse(experiment));
  const learners = await task.open(experiments, options);
  for (const [i, learner] of learners.entries()) {
    await fitAlong(learner, { ...experiments[i].training, loaderThreads: options.threads, ...options });
  }
}
