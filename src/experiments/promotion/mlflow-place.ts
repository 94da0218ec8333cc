import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { MlflowClient, type MlflowVariables } from '../trackers/mlflow-client.ts';
import { artifactPath, mlflowExperimentId } from '../trackers/mlflow-places.ts';
import type { FoundModel, ModelPlace, PushedModel } from './model-place.ts';

/** The tag of a version that says which model of ours it is. */
const DIGEST_TAG = 'text-recognizer.digest';
/** The record lies beside the files of the model. */
const RECORD = 'text-recognizer.json';
const VERSIONS_AT_ONCE = 200;

const runSchema = z.object({ run: z.object({ info: z.object({ run_id: z.string(), artifact_uri: z.string() }) }) });
const versionsSchema = z.object({
  model_versions: z
    .array(
      z.object({
        version: z.string(),
        source: z.string(),
        tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
      }),
    )
    .default([]),
});

/**
 * Models in the registry of an MLflow server (https://mlflow.org/docs/latest/rest-api.html): each model that is pushed becomes the next version
 * of a registered model, with its files as artifacts of a run of its own.
 */
export class MlflowPlace implements ModelPlace {
  readonly #client: MlflowClient;
  readonly #experiment: string;
  readonly #registered: string | undefined;

  /** The registered model has the model's name unless `registered` is another. */
  constructor(variables: MlflowVariables & { readonly MLFLOW_EXPERIMENT_NAME?: string }, registered?: string) {
    this.#client = new MlflowClient(variables);
    this.#experiment = variables.MLFLOW_EXPERIMENT_NAME ?? 'text-recognizer';
    this.#registered = registered;
  }

  async push(model: PushedModel): Promise<void> {
    const client = this.#client;
    const { id, uri } = await this.#createRun(model);
    const path = requirePath(uri, client.uri);
    for (const [file, bytes] of model.files) await client.putArtifact(`${path}/model/${file}`, bytes);
    await client.putArtifact(`${path}/model/${RECORD}`, model.record);
    const name = this.#registered ?? model.name;
    await client.callUnless('RESOURCE_ALREADY_EXISTS', 'POST', 'registered-models/create', { name });
    // Last: what is a version has all of its files.
    await client.call('POST', 'model-versions/create', {
      name,
      source: `${uri}/model`,
      run_id: id,
      description: model.description,
      tags: [{ key: DIGEST_TAG, value: model.digest }],
    });
    await client.call('POST', 'runs/update', { run_id: id, status: 'FINISHED', end_time: Date.now() });
  }

  async find(name: string, digest?: string): Promise<FoundModel | undefined> {
    const registered = this.#registered ?? name;
    const client = this.#client;
    const found = await client.call('GET', 'model-versions/search', {
      filter: `name = '${registered}'${digest === undefined ? '' : ` AND tags.\`${DIGEST_TAG}\` = '${digest}'`}`,
      order_by: 'version_number DESC',
      max_results: VERSIONS_AT_ONCE,
    });
    for (const { version, source, tags } of versionsSchema.parse(found).model_versions) {
      const tag = tags.find(({ key }) => key === DIGEST_TAG);
      // Others may have registered models of their own under this name.
      if (tag === undefined) continue;
      const path = requirePath(source, client.uri);
      const record = (await client.getArtifact(`${path}/${RECORD}`)) ?? new Uint8Array();
      const where = `models:/${registered}/${version} at ${client.uri}`;
      return { where, digest: tag.value, record, read: ({ name: file }) => client.getArtifact(`${path}/${file}`) };
    }
    return undefined;
  }

  async #createRun({ name, digest }: PushedModel): Promise<{ readonly id: string; readonly uri: string }> {
    const created = await this.#client.call('POST', 'runs/create', {
      experiment_id: await mlflowExperimentId(this.#client, this.#experiment),
      run_name: `${name} ${digest.slice(0, 12)}`,
      start_time: Date.now(),
      tags: [{ key: 'mlflow.source.name', value: 'text-recognizer' }],
    });
    const { run_id: id, artifact_uri: uri } = runSchema.parse(created).run.info;
    return { id, uri };
  }
}

function requirePath(uri: string, server: string): string {
  const path = artifactPath(uri);
  if (path !== undefined) return path;
  throw new TextRecognizerError(
    'TRACKER_FAILED',
    `MLflow at ${server} keeps artifacts at ${uri}, which it does not pass on. Start it without --no-serve-artifacts.`,
  );
}
