import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { jsonDigest } from '../files/json-digest.ts';
import { packageVersion } from '../files/package-version.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import type { Network } from '../networks/network.ts';
import { modelCard } from './model-card.ts';
import { parseModelManifest, type ModelManifest } from './model-manifest.ts';

/** What a saved model says about itself beyond its weights. */
export interface ModelStory<Evaluation> {
  readonly name: string;
  readonly description: string;
  /** Whether it is a step of the course, not to be served unless it is named. */
  readonly course?: boolean;
  /** The data sets that it was trained on. */
  readonly data: readonly { readonly name: string; readonly length: number }[];
  /** What is to be known of a data set, by its name. */
  readonly notes?: Readonly<Record<string, string>>;
  /** Settings of the training, as JSON. */
  readonly recipe: ModelManifest['provenance']['recipe'];
  /** By data set, and for lines by decoder. */
  readonly evaluations: Readonly<Record<string, Evaluation>>;
}

/** A trained network. */
interface Trained {
  readonly network: Network;
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** What manifests of all kinds of models say; `licenceOf` knows the terms of a data set by its name. */
export function commonManifest<Evaluation>(
  { network, weights }: Trained,
  onnx: Uint8Array,
  story: ModelStory<Evaluation>,
  licenceOf: (dataset: string) => string,
  figures: (evaluation: Evaluation) => Record<string, number>,
) {
  return {
    format: 1,
    name: story.name,
    description: story.description,
    ...(story.course && { course: true }),
    network: { name: network.name, config: network.config },
    parameters: [...weights.values()].reduce((total, { length }) => total + length, 0),
    file: { name: 'model.onnx', bytes: onnx.length, sha256: createHash('sha256').update(onnx).digest('hex') },
    provenance: {
      data: story.data.map(({ name, length }) => ({
        name: basename(name),
        items: length,
        licence: licenceOf(name),
        note: story.notes?.[basename(name)],
      })),
      recipe: story.recipe,
      software: { 'text-recognizer': packageVersion(), node: process.versions.node },
      date: new Date().toISOString().slice(0, 10),
    },
    metrics: Object.fromEntries(Object.entries(story.evaluations).map(([name, it]) => [name, figures(it)])),
  };
}

/** Writes model.onnx, then model.json with its digest and README.md (the model card) into a folder. */
export async function writeModel(folder: string, onnx: Uint8Array, description: object): Promise<ModelManifest> {
  const sealed = { ...description, digest: await jsonDigest(description) };
  const manifest = parseModelManifest(JSON.stringify(sealed), 'The new model');
  await writeFileWhole(join(folder, manifest.file.name), onnx);
  await writeFileWhole(join(folder, 'model.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFileWhole(join(folder, 'README.md'), modelCard(manifest));
  return manifest;
}
