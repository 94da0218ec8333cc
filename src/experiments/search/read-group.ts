import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { withTask } from '../../tasks/with-task.ts';
import { parseRecipe, type Recipe } from '../recipe.ts';
import type { Group, Population } from './group.ts';
import type { GroupDraft, RunDraft } from './group-draft.ts';
import type { JsonPath } from './json-source.ts';
import { nameRuns } from './name-runs.ts';
import { ownGroup } from './own-group.ts';
import { groupFaults, pathOf } from './parse-group-file.ts';
import { readJsonSource } from './read-json-source.ts';
import { referenceGroup } from './reference-group.ts';

/**
 * Reads a file with a group of experiments, in this project's form or the course's (`experiment_group`, `experiments`). Throws
 * FILE_NOT_FOUND, or INVALID_ARGUMENT with file, line and field of every fault.
 */
export async function readGroup(file: string): Promise<Group> {
  const source = await readJsonSource(file);
  const isReference = source.has(['experiment_group']) || source.has(['experiments']);
  const draft = isReference ? referenceGroup(source) : await ownGroup(source);
  const recipes = parseRecipes(draft);
  const names = nameRuns(draft.runs.map(({ settings }) => settings));
  const { name, description, halving, population, metric } = draft;
  if (halving || population) requireOneStage(draft, recipes);
  if (population) requireRounds(draft, recipes, population);
  return {
    name,
    description,
    halving,
    population,
    monitor: metric ?? withTask(recipes[0].kind, ({ monitor }) => monitor),
    runs: draft.runs.map(({ experiment, settings }, i) => ({
      name: names[i],
      experiment,
      recipe: recipes[i],
      settings,
    })),
  };
}

function parseRecipes({ runs }: GroupDraft): Recipe[] {
  const parsed = runs.map((run) => parseRun(run));
  const faults = parsed.flatMap(({ faults }) => faults);
  if (faults.length > 0) throw groupFaults(faults);
  return parsed.flatMap(({ recipe }) => recipe ?? []);
}

function parseRun(run: RunDraft): { recipe?: Recipe; faults: readonly string[] } {
  try {
    const recipe = parseRecipe(JSON.stringify(run.experiment), 'the experiment');
    return { recipe, faults: recipe.stages.flatMap((_, i) => networkFaults(run, recipe, i)) };
  } catch (error) {
    if (!(error instanceof TextRecognizerError)) throw error;
    return { faults: faultsOf(run, [], error) };
  }
}

/** What is wrong with the network of a stage, which the schema of experiments does not know. */
function networkFaults(run: RunDraft, { kind, stages }: Recipe, index: number): string[] {
  const { name, experiment } = stages[index];
  const { network } = experiment;
  try {
    withTask(kind, (task) => task.checkNetwork(network));
    return [];
  } catch (error) {
    if (!(error instanceof TextRecognizerError)) throw error;
    const isConfig = error.cause instanceof z.ZodError;
    const within: JsonPath = name === undefined ? [] : ['stages', index];
    return faultsOf(run, [...within, 'network', isConfig ? 'config' : 'name'], error);
  }
}

function faultsOf(run: RunDraft, within: JsonPath, error: TextRecognizerError): string[] {
  if (!(error.cause instanceof z.ZodError)) return [`${run.locate(within)}: ${error.message}`];
  return error.cause.issues.map((issue) => `${run.locate([...within, ...pathOf(issue)])}: ${issue.message}`);
}

/** What is compared are epochs of one training. */
function requireOneStage({ runs }: GroupDraft, recipes: readonly Recipe[]): void {
  const i = recipes.findIndex(({ stages }) => stages.length > 1);
  if (i >= 0)
    throw groupFaults([
      `${runs[i].locate(['stages'])}: Runs that are compared while they are trained need experiments of one stage`,
    ]);
}

function requireRounds({ runs }: GroupDraft, recipes: readonly Recipe[], { interval }: Population): void {
  const { epochs } = recipes[0].stages[0].experiment.training;
  if (interval < epochs) return;
  throw groupFaults([
    `${runs[0].locate(['training', 'epochs'])}: Population-based training every ${interval} epochs needs more epochs than these ${epochs}`,
  ]);
}
