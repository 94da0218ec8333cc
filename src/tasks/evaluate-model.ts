import type { StoredModel } from '../models/model-store.ts';
import { Session, type SessionOptions } from '../runtime/session.ts';
import type { EvaluateModelOptions, ModelEvaluation } from './task.ts';
import { withTask } from './with-task.ts';

/** Compares a model that was read with a data set, whatever its task is. */
export async function evaluateModel(
  { manifest, onnx }: StoredModel,
  options: EvaluateModelOptions & SessionOptions,
): Promise<ModelEvaluation> {
  const session = await Session.load(onnx, options);
  try {
    return await withTask(manifest.kind, (task) => task.evaluateModel(manifest, session, options));
  } finally {
    await session.close();
  }
}
