import { lockFolder } from '../../files/lock-folder.ts';
import { MlflowClient } from './mlflow-client.ts';
import { syncMlflow } from './sync-mlflow.ts';
import { readTrackedRun } from './tracked-run.ts';
import type { TrackerKind } from './tracker-kinds.ts';
import { trackersFolder } from './tracker-state.ts';
import { writeWandbRun } from './write-wandb-run.ts';

/** Under which name runs are found at MLflow (an experiment) and at W&B (a project), unless their variables say otherwise. */
const PROJECT = 'text-recognizer';

/**
 * Brings a tracker up to date with a run's folder; a folder in which nothing has begun is left alone. The variables are those of MLflow
 * and W&B. Throws TRACKER_FAILED, or FOLDER_IN_USE while another process does the same.
 */
export async function syncRun(
  folder: string,
  kind: TrackerKind,
  variables: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<void> {
  const run = await readTrackedRun(folder);
  if (run === undefined) return;
  const unlock = await lockFolder(trackersFolder(folder));
  try {
    if (kind === 'wandb') await writeWandbRun(run, variables.WANDB_PROJECT ?? PROJECT);
    else await syncMlflow(run, new MlflowClient(variables, signal), variables.MLFLOW_EXPERIMENT_NAME ?? PROJECT);
  } finally {
    await unlock();
  }
}
