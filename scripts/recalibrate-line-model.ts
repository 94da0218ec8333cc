import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parseExperimentJson } from '../src/experiments/character-experiment.ts';
import { parseLineExperiment } from '../src/experiments/line-experiment.ts';
import { openLineSets } from '../src/experiments/open-line-sets.ts';
import { calibrateLines } from '../src/models/calibrate-lines.ts';
import { evaluateDecodings } from '../src/models/evaluate-lines.ts';
import { decodeOptions } from '../src/models/line-calibration.ts';
import { lineFigures } from '../src/models/save-line-model.ts';
import { writeModel } from '../src/models/write-model.ts';
import { readModel } from '../src/predictors/model-store.ts';
import { Session } from '../src/runtime/session.ts';
import { Alphabet } from '../src/text/alphabet.ts';
import { readLanguageModel } from '../src/text/language-model/read-language-model.ts';

/*
 * Fits a saved line model to another language model: tunes and calibrates it on what its experiment holds aside, measures it on that
 * and on the sets named, and writes its model.json and card anew; the weights stay as they are.
 *   node scripts/run.mjs scripts/recalibrate-line-model.ts EXPERIMENT.json MODEL-FOLDER [--data-root ROOT] [--test NAME …]
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'data-root': { type: 'string', default: 'data/raw' }, test: { type: 'string', multiple: true } },
});
const [file, folder] = positionals;
if (folder === undefined) throw new Error('Usage: recalibrate-line-model.ts EXPERIMENT.json MODEL-FOLDER');
const experiment = parseLineExperiment(parseExperimentJson(await readFile(file, 'utf8'), file), file);
const { languageModel: languageModelFile } = experiment.data;
if (languageModelFile === undefined) throw new Error(`${file} names no language model.`);
const { manifest, onnx } = await readModel(folder);
if (manifest.kind !== 'line') throw new Error(`${folder} is no model of lines.`);

const sets = await openLineSets(experiment, values['data-root'], values.test);
const languageModel = await readLanguageModel(languageModelFile);
const alphabet = new Alphabet(manifest.alphabet);
const session = await Session.load(onnx);
const reader = { session, alphabet, layout: { ...manifest.stem, stride: manifest.stride } };
const calibration = await calibrateLines(reader, sets.validation, languageModel);
const decoders = ['greedy', 'lm'] as const;
const decodings = decoders.map((decoder) => decodeOptions(calibration, decoder, reader, languageModel));
const metrics: Record<string, Record<string, number>> = {};
for (const dataset of [...sets.validation, ...sets.test]) {
  const evaluations = await evaluateDecodings(reader, dataset, decodings);
  evaluations.forEach((evaluation, i) => {
    metrics[`${dataset.name}, ${decoders[i]}`] = lineFigures(evaluation);
    console.log(`${dataset.name}, ${decoders[i]}: CER ${(100 * evaluation.cer.rate).toFixed(2)} %`);
  });
}
await session.close();
const measured = Object.fromEntries(Object.keys(manifest.metrics).map((name) => [name, metrics[name]]));
const lost = Object.keys(measured).filter((name) => measured[name] === undefined);
if (lost.length > 0) throw new Error(`The card has figures for ${lost.join('; ')}: name these sets with --test, too.`);
await writeModel(folder, onnx, { ...manifest, ...calibration, metrics: measured });
