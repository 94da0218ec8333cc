import { TextRecognizerError } from '../errors.ts';
import { servingCosts } from '../experiments/promotion/serving-cost.ts';
import type { StoredModel } from '../models/model-store.ts';
import { evaluateModel } from '../tasks/evaluate-model.ts';
import type { Finding, GradeOptions, Measured } from './grade-submission.ts';
import type { CheckOf } from './lab.ts';

/** Measures a figure on data, or what a model costs where it serves; between `none` and `all` points are in proportion. */
export async function checkFigure(
  check: CheckOf<'figure'>,
  folder: string,
  model: StoredModel,
  { measured, ...options }: GradeOptions & { readonly measured: Measured },
): Promise<Finding> {
  const { figure, none, all } = check;
  const data = check.data === undefined ? undefined : (options.data ?? check.data);
  const known = measured.get(data) ?? (data === undefined ? costsOf(folder, options) : figuresOf(model, data, options));
  measured.set(data, known);
  const figures = await known;
  const found = figures[figure];
  if (typeof found !== 'number') {
    const names = Object.keys(figures).filter((name) => typeof figures[name] === 'number');
    throw new TextRecognizerError('INVALID_ARGUMENT', `There is no figure '${figure}'; there are ${names.join(', ')}.`);
  }
  const share = Math.min(1, Math.max(0, (found - none) / (all - none)));
  const where = data === undefined ? '' : ` on ${data}`;
  const output = `${figure} ${Number(found.toPrecision(4))}${where}; no points at ${none}, all at ${all}`;
  return { share, output, figure: found };
}

async function costsOf(folder: string, { threads }: GradeOptions): Promise<Readonly<Record<string, unknown>>> {
  const [cost] = await servingCosts([folder], { threads });
  return { ...cost };
}

async function figuresOf(
  model: StoredModel,
  data: string,
  { dataRoot, threads }: GradeOptions,
): Promise<Readonly<Record<string, unknown>>> {
  return (await evaluateModel(model, { data, dataRoot, threads })).json;
}
