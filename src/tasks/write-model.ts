import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { jsonDigest } from '../files/json-digest.ts';
import { packageVersion } from '../files/package-version.ts';
import { writeFileAtomic } from '../files/write-file-atomic.ts';
import { modelCard } from '../models/model-card.ts';
import { parseModelManifest, type ModelManifest } from '../models/model-manifest.ts';
import type { Learner, TrainedOn } from './task.ts';
import { weightsLicence } from '../models/weights-licence.ts';

/** A network that has learned. */
export interface TrainedModel<Calibration, Evaluation> {
  readonly learner: Learner<Calibration, Evaluation>;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly calibration: Calibration;
  /** By data set, and for lines by decoder. */
  readonly evaluations: Readonly<Record<string, Evaluation>>;
}

/** What a saved model says about itself beyond its weights. */
export interface ModelStory {
  readonly name: string;
  readonly description: string;
  /** Whether it is a step of the course, not to be served unless it is named. */
  readonly course?: boolean;
  /** What is to be known of a data set, by its name. */
  readonly notes?: Readonly<Record<string, string>>;
  /** Settings of the training, as JSON. */
  readonly recipe: ModelManifest['provenance']['recipe'];
  readonly run?: ModelManifest['provenance']['run'];
  /** What it was trained on before the learner's data: in earlier stages. */
  readonly earlier?: readonly TrainedOn[];
}

/** Writes model.onnx, then model.json and README.md (the model card) into a folder. */
export async function writeModel<Calibration, Evaluation>(
  folder: string,
  { learner, weights, calibration, evaluations }: TrainedModel<Calibration, Evaluation>,
  { name, description, course, notes = {}, recipe, run, earlier = [] }: ModelStory,
): Promise<ModelManifest> {
  const { network } = learner;
  const data = [...new Map([...earlier, ...learner.trainedOn].map((set) => [basename(set.name), set])).values()];
  const parents = run?.parents ?? [];
  const onnx = learner.calibratedGraph(weights, calibration, name);
  const manifest = {
    format: 1,
    name,
    description,
    ...(course && { course }),
    network: { name: network.name, config: network.config },
    parameters: [...weights.values()].reduce((total, { length }) => total + length, 0),
    file: { name: 'model.onnx', bytes: onnx.length, sha256: createHash('sha256').update(onnx).digest('hex') },
    provenance: {
      data: data.map((set) => ({
        name: basename(set.name),
        items: set.length,
        licence: set.licence,
        note: notes[basename(set.name)],
      })),
      recipe,
      software: { 'text-recognizer': packageVersion(), node: process.versions.node },
      date: new Date().toISOString().slice(0, 10),
      run,
    },
    metrics: Object.fromEntries(Object.entries(evaluations).map(([set, it]) => [set, learner.figures(it)])),
    licence: weightsLicence([...data, ...parents].map(({ licence }) => licence)),
    ...learner.manifest(weights, calibration),
  };
  return await writeModelFiles(folder, onnx, manifest);
}

/** Writes model.onnx, then model.json with its digest and README.md (the model card) into a folder. */
export async function writeModelFiles(folder: string, onnx: Uint8Array, description: object): Promise<ModelManifest> {
  const sealed = { ...description, digest: await jsonDigest(description) };
  const manifest = parseModelManifest(JSON.stringify(sealed), 'The new model');
  await writeFileAtomic(join(folder, manifest.file.name), onnx);
  await writeFileAtomic(join(folder, 'model.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFileAtomic(join(folder, 'README.md'), modelCard(manifest));
  return manifest;
}
