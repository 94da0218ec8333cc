import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parseRecipe } from '../src/experiments/recipe.ts';
import { readModel } from '../src/predictors/model-store.ts';
import { Session } from '../src/runtime/session.ts';
import { lineExperimentSchema } from '../src/tasks/line/line-experiment.ts';
import { lineTask } from '../src/tasks/line/line-task.ts';
import { writeModelFiles } from '../src/tasks/write-model.ts';

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
const recipe = parseRecipe(await readFile(file, 'utf8'), file);
const experiment = lineExperimentSchema.parse(recipe.stages[recipe.stages.length - 1].experiment);
const { manifest, onnx } = await readModel(folder);
if (manifest.kind !== 'line') throw new Error(`${folder} is no model of lines.`);

const [learner] = await lineTask.open([experiment], { dataRoot: values['data-root'], test: values.test });
const session = await Session.load(onnx);
const calibration = await learner.calibrate(session);
const evaluations = await learner.evaluate(session, calibration);
await session.close();
for (const [name, evaluation] of Object.entries(evaluations)) console.log(`${name}: ${lineTask.summary(evaluation)}`);
const listed = Object.keys(manifest.metrics);
const lost = listed.filter((name) => evaluations[name] === undefined);
if (lost.length > 0) throw new Error(`The card has figures for ${lost.join('; ')}: name these sets with --test, too.`);
const metrics = Object.fromEntries(listed.map((name) => [name, { ...learner.figures(evaluations[name]) }]));
await writeModelFiles(folder, onnx, { ...manifest, ...calibration, metrics });
