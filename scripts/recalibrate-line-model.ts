import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parseExperimentJson } from '../src/experiments/character-experiment.ts';
import { parseLineExperiment } from '../src/experiments/line-experiment.ts';
import { openLineSets } from '../src/experiments/open-line-sets.ts';
import { evaluateLineSets } from '../src/experiments/run-line-experiment.ts';
import { calibrateLines } from '../src/models/calibrate-lines.ts';
import { evaluateDecodings } from '../src/models/evaluate-lines.ts';
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
const evaluations = await evaluateLineSets(
  (dataset, decodings) => evaluateDecodings(reader, dataset, decodings),
  { calibration, alphabet },
  sets,
  languageModel,
);
await session.close();
for (const [name, { cer }] of Object.entries(evaluations)) console.log(`${name}: CER ${(100 * cer.rate).toFixed(2)} %`);
const listed = Object.keys(manifest.metrics);
const lost = listed.filter((name) => evaluations[name] === undefined);
if (lost.length > 0) throw new Error(`The card has figures for ${lost.join('; ')}: name these sets with --test, too.`);
const metrics = Object.fromEntries(listed.map((name) => [name, lineFigures(evaluations[name])]));
await writeModel(folder, onnx, { ...manifest, ...calibration, metrics });
