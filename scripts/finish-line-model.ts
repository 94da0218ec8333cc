import { parseArgs } from 'node:util';
import { readFile } from 'node:fs/promises';
import { parseExperimentJson } from '../src/experiments/character-experiment.ts';
import { parseLineExperiment } from '../src/experiments/line-experiment.ts';
import { openLineSets } from '../src/experiments/open-line-sets.ts';
import { readWeights } from '../src/experiments/read-weights.ts';
import { finishLineModel, newLineModel } from '../src/experiments/run-line-experiment.ts';

/*
 * Calibrates weights that were not the end of a run (the mean of several, or those of a run with another language model), measures
 * them and saves the model in FOLDER/model:
 *   node scripts/run.mjs scripts/finish-line-model.ts EXPERIMENT.json WEIGHTS.safetensors FOLDER [--data-root ROOT] [--test NAME …]
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'data-root': { type: 'string', default: 'data/raw' }, test: { type: 'string', multiple: true } },
});
const [file, weights, folder] = positionals;
if (folder === undefined) throw new Error('Usage: finish-line-model.ts EXPERIMENT.json WEIGHTS.safetensors FOLDER');
const experiment = parseLineExperiment(parseExperimentJson(await readFile(file, 'utf8'), file), file);
const options = { folder, dataRoot: values['data-root'], test: values.test };
const sets = await openLineSets(experiment, options.dataRoot, options.test);
const model = newLineModel(experiment);
model.setWeights(await readWeights(weights));
const { evaluations } = await finishLineModel(model, experiment, sets, {}, options);
for (const [name, { cer, wer }] of Object.entries(evaluations)) {
  console.log(`${name}: CER ${(100 * cer.rate).toFixed(2)} %, WER ${(100 * wer.rate).toFixed(2)} %`);
}
