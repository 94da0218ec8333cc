import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { readModel } from '../../models/model-store.ts';
import { judgeModel, type Check, type JudgeOptions, type LocatedModel } from './judge-model.ts';
import { installModel, readFiles, type ModelFiles } from './model-registry.ts';
import type { ModelVersion } from './version-record.ts';

export interface PromoteOptions extends JudgeOptions {
  /** The folder of models. */
  readonly registry: string;
  /** Is told each check before anything is written. */
  readonly onCheck?: (check: Check) => void;
  /** Adds files to the folder of a model that has passed, which are installed and kept with it. */
  readonly complete?: (folder: string) => Promise<void>;
}

/** What a model must have to be whole, beside the weights that model.json names. */
const parts = ['model.json', 'README.md'];

/**
 * Makes the model of a run, or of a model's folder, the installed one of its name, unless it is worse. Throws PROMOTION_REFUSED where a
 * check fails, MODEL_NOT_FOUND or MODEL_INVALID for a model that is not whole, and CHECKSUM_MISMATCH for one that was changed.
 */
export async function promoteModel(run: string, options: PromoteOptions): Promise<ModelVersion> {
  const candidate = await readCandidate(run);
  const { manifest } = candidate.model;
  const folder = join(options.registry, manifest.name);
  const installed = existsSync(join(folder, 'model.json')) ? { folder, model: await readModel(folder) } : undefined;
  if (installed?.model.manifest.digest === manifest.digest) {
    throw new TextRecognizerError('INVALID_ARGUMENT', `The model of ${run} is the installed ${manifest.name} already.`);
  }
  const checks = await judgeModel(candidate, installed, options);
  for (const check of checks) options.onCheck?.(check);
  const failed = checks.filter(({ passed }) => !passed);
  if (failed.length > 0) {
    const findings = failed.map(({ finding }) => `- ${finding}`).join('\n');
    throw new TextRecognizerError(
      'PROMOTION_REFUSED',
      `The model of ${run} does not become ${manifest.name}:\n${findings}`,
    );
  }
  await options.complete?.(candidate.folder);
  return await installModel(options.registry, manifest, await filesOf(run, candidate.folder), {
    source: run,
    checks: checks.map(({ finding }) => finding),
  });
}

/** The model of a run's folder, or the folder of a model. */
async function readCandidate(run: string): Promise<LocatedModel> {
  const folder = existsSync(join(run, 'model.json')) ? run : join(run, 'model');
  if (!existsSync(join(folder, 'model.json'))) {
    throw new TextRecognizerError(
      'MODEL_NOT_FOUND',
      `${run} has no model: give the folder of a finished run, or a folder with a model.json.`,
    );
  }
  const model = await readModel(folder);
  const missing = parts.filter((name) => !existsSync(join(folder, name)));
  if (missing.length === 0) return { folder, model };
  throw new TextRecognizerError(
    'MODEL_INVALID',
    `${folder} is half written: it lacks ${missing.join(' and ')}. Run the training again, which resumes and finishes it.`,
  );
}

/** The files of the model, and the experiment of its run. */
async function filesOf(run: string, folder: string): Promise<ModelFiles> {
  const files = await readFiles(folder);
  const experiment = join(run, 'experiment.json');
  if (folder === run || !existsSync(experiment)) return files;
  return new Map([...files, ['experiment.json', await readFile(experiment)]]);
}
