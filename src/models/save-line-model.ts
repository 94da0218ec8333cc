import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { LineDataset } from '../datasets/lines/line-dataset.ts';
import { packageVersion } from '../files/package-version.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import type { LineEvaluation } from './evaluate-lines.ts';
import type { LineModel } from './line-model.ts';
import { lineLicence } from './line-licence.ts';
import { lineServingWork } from './line-serving-graph.ts';
import { modelCard } from './model-card.ts';
import { parseModelManifest, type LineModelManifest } from './model-manifest.ts';

/** What a saved line model says about itself beyond its weights. */
export interface LineModelStory {
  readonly name: string;
  readonly description: string;
  /** The data sets that it was trained on. */
  readonly data: readonly LineDataset[];
  /** Settings of the training, as JSON. */
  readonly recipe: LineModelManifest['provenance']['recipe'];
  /** By data set and decoder. */
  readonly evaluations: Readonly<Record<string, LineEvaluation>>;
}

/** Writes model.onnx, then model.json and README.md (the model card) into a folder. */
export async function saveLineModel(model: LineModel, folder: string, story: LineModelStory): Promise<void> {
  const onnx = model.servingGraph({ name: story.name });
  const manifest = parseModelManifest(JSON.stringify(describe(model, onnx, story)), 'The new model');
  await writeFileWhole(join(folder, manifest.file.name), onnx);
  await writeFileWhole(join(folder, 'model.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFileWhole(join(folder, 'README.md'), modelCard(manifest));
}

function describe(model: LineModel, onnx: Uint8Array, story: LineModelStory): LineModelManifest {
  const { network, weights, alphabet, layout, calibration } = model;
  const { stride, ...stem } = layout;
  const licences = story.data.map(({ name }) => lineLicence(name));
  return {
    format: 1,
    name: story.name,
    kind: 'line',
    description: story.description,
    network: { name: network.name, config: network.config as LineModelManifest['network']['config'] },
    alphabet: alphabet.characters.join(''),
    stem: { name: 'line', ...stem },
    stride,
    confidence: calibration.confidence,
    ...(calibration.fusion && { fusion: calibration.fusion }),
    parameters: [...weights.values()].reduce((total, { length }) => total + length, 0),
    multiplyAccumulates: lineServingWork(network, weights),
    file: { name: 'model.onnx', bytes: onnx.length, sha256: createHash('sha256').update(onnx).digest('hex') },
    provenance: {
      data: story.data.map(({ name, length }, i) => ({ name: basename(name), items: length, licence: licences[i] })),
      recipe: story.recipe,
      software: { 'text-recognizer': packageVersion(), node: process.versions.node },
      date: new Date().toISOString().slice(0, 10),
    },
    licence: weightsLicence(licences),
    metrics: Object.fromEntries(Object.entries(story.evaluations).map(([name, it]) => [name, figures(it)])),
  };
}

/** Data for research alone makes weights for research alone. */
function weightsLicence(licences: readonly string[]): string {
  const restricted = licences.find((licence) => /non-commercial/i.test(licence));
  return restricted === undefined ? 'MIT' : 'Non-commercial research only, as the data sets below demand';
}

function figures(evaluation: LineEvaluation): Record<string, number> {
  const { lines, cer, wer, meanLineAccuracy, exact, characterCalibrationError, wordCalibrationError } = evaluation;
  const errors = { characterCalibrationError, wordCalibrationError };
  return { lines, cer: cer.rate, wer: wer.rate, lineAccuracy: meanLineAccuracy, exact, ...errors };
}
