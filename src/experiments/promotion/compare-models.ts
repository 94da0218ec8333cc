import { TextRecognizerError } from '../../errors.ts';
import type { StoredModel } from '../../models/model-store.ts';
import type { SessionOptions } from '../../runtime/session.ts';
import { evaluateModel } from '../../tasks/evaluate-model.ts';
import type { EvaluateModelOptions, ModelEvaluation } from '../../tasks/task.ts';
import { pairedBootstrap, type BootstrapOptions, type PairedDifference } from './paired-bootstrap.ts';

export interface CompareOptions extends Omit<EvaluateModelOptions, 'data'>, SessionOptions, BootstrapOptions {
  /** Data sets that both read. */
  readonly data: readonly string[];
}

/** What two models make of one data set. */
export interface Comparison extends PairedDifference {
  readonly data: string;
}

/** Reads data sets with a model, one after the other. */
export async function evaluateOn(model: StoredModel, options: CompareOptions): Promise<ModelEvaluation[]> {
  const evaluations: ModelEvaluation[] = [];
  for (const data of options.data) evaluations.push(await evaluateModel(model, { ...options, data }));
  return evaluations;
}

/**
 * The difference of the error rates of two models on each data set, with its interval: of characters in lines, or of images of one.
 * Throws INVALID_ARGUMENT where one reads characters and the other lines.
 */
export async function compareModels(
  before: StoredModel,
  after: StoredModel,
  options: CompareOptions,
): Promise<Comparison[]> {
  requireSameKind(before, after);
  return compareEvaluations(await evaluateOn(before, options), await evaluateOn(after, options), options);
}

/** The same of what was read already, `[data sets]` each. */
export function compareEvaluations(
  before: readonly ModelEvaluation[],
  after: readonly ModelEvaluation[],
  options: CompareOptions,
): Comparison[] {
  return before.map(({ items }, i) => ({
    data: options.data[i],
    ...pairedBootstrap(items, after[i].items, options),
  }));
}

/** Throws INVALID_ARGUMENT unless both models read the same kind of thing. */
export function requireSameKind({ manifest: before }: StoredModel, { manifest: after }: StoredModel): void {
  if (before.kind === after.kind) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `${before.name} reads ${before.kind}s and ${after.name} reads ${after.kind}s; models of one kind are compared.`,
  );
}
