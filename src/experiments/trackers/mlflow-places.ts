import { z } from 'zod';
import type { MlflowClient } from './mlflow-client.ts';

const experimentSchema = z.object({ experiment: z.object({ experiment_id: z.string() }) });

/** The id of an experiment of that name at MLflow, which is created where there is none. Throws TRACKER_FAILED. */
export async function mlflowExperimentId(client: MlflowClient, name: string): Promise<string> {
  const get = () =>
    client.callUnless('RESOURCE_DOES_NOT_EXIST', 'GET', 'experiments/get-by-name', { experiment_name: name });
  const found = await get();
  if (found !== undefined) return experimentSchema.parse(found).experiment.experiment_id;
  const created = await client.callUnless('RESOURCE_ALREADY_EXISTS', 'POST', 'experiments/create', { name });
  if (created !== undefined) return z.object({ experiment_id: z.string() }).parse(created).experiment_id;
  // Another process has created it in between.
  return experimentSchema.parse(await get()).experiment.experiment_id;
}

/** The path below the server's artifacts; undefined where the server does not pass files on (`--no-serve-artifacts`). */
export function artifactPath(uri: string): string | undefined {
  return /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/.exec(uri)?.[1];
}
