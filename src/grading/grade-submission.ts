import { statSync } from 'node:fs';
import { join } from 'node:path';
import { TextRecognizerError } from '../errors.ts';
import { modelFolders, readModel, type StoredModel } from '../models/model-store.ts';
import { checkGroup } from './check-group.ts';
import { checkFigure } from './check-figure.ts';
import { checkPictures } from './check-pictures.ts';
import type { CheckOf, Lab, LabCheck } from './lab.ts';

export interface GradeOptions {
  /** Where downloaded and prepared data sets are. */
  readonly dataRoot: string;
  /** Read instead of the data that the lab names: what students have not seen. */
  readonly data?: string;
  /** Computing threads; default one per core. */
  readonly threads?: number;
}

/** What a check found. */
export interface Finding {
  /** From 0, none, to 1, all of the points. */
  readonly share: number;
  /** For whoever submitted it. */
  readonly output: string;
  readonly figure?: number;
}

export interface GradedCheck extends Finding {
  readonly check: LabCheck;
}

export interface Grade {
  readonly lab: Lab;
  readonly checks: readonly GradedCheck[];
  readonly seconds: number;
}

/** What was measured of a model: each data set, and its costs, once for all checks. */
export type Measured = Map<string | undefined, Promise<Readonly<Record<string, unknown>>>>;

/** What a submission consists of, as far as it is there. */
export interface Submission {
  readonly folder: string;
  readonly measured: Measured;
  /** The folder of its model; a message where there is none, or not one. */
  readonly model: { readonly folder: string; readonly stored: StoredModel } | { readonly problem: string };
}

/**
 * Checks a submission: a folder with a model, or with one below `models/` or `model/`. What is wrong with it costs points and is never an error;
 * throws FILE_NOT_FOUND where there is no such folder.
 */
export async function gradeSubmission(folder: string, lab: Lab, options: GradeOptions): Promise<Grade> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new TextRecognizerError('FILE_NOT_FOUND', `There is no folder ${folder}: give that of the submission.`);
  }
  const before = performance.now();
  const submission: Submission = { folder, measured: new Map(), model: await openModel(folder) };
  const checks: GradedCheck[] = [];
  for (const check of lab.checks) checks.push({ check, ...(await runCheck(check, submission, options)) });
  return { lab, checks, seconds: (performance.now() - before) / 1000 };
}

async function openModel(folder: string): Promise<Submission['model']> {
  const places = [folder, join(folder, 'model')].filter((place) => isFile(join(place, 'model.json')));
  const found = [...places, ...(await modelFolders(join(folder, 'models')))];
  if (found.length === 0)
    return { problem: 'There is no model: model.json is neither here nor in model/ or models/NAME/.' };
  if (found.length > 1) return { problem: `There are ${found.length} models (${found.join(', ')}); submit one.` };
  try {
    return { folder: found[0], stored: await readModel(found[0]) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

async function runCheck(check: LabCheck, submission: Submission, options: GradeOptions): Promise<Finding> {
  try {
    if (check.kind === 'group') return await checkGroup(check, submission.folder);
    if ('problem' in submission.model) return { share: 0, output: submission.model.problem };
    const { folder, stored } = submission.model;
    if (check.kind === 'model') return checkModel(check, stored);
    if (check.kind === 'pictures') return await checkPictures(check, stored, options);
    return await checkFigure(check, folder, stored, { ...options, measured: submission.measured });
  } catch (error) {
    // A submission that cannot be read gets no points; an error of ours is one.
    if (!(error instanceof TextRecognizerError)) throw error;
    return { share: 0, output: error.message };
  }
}

function checkModel({ reads, networks }: CheckOf<'model'>, { manifest }: StoredModel): Finding {
  const network = manifest.network.name;
  const is = `${manifest.name} reads ${manifest.kind}s with ${network}`;
  if (manifest.kind !== reads) return { share: 0, output: `${is}; the lab asks for a model that reads ${reads}s.` };
  if (networks && !networks.includes(network)) {
    return { share: 0, output: `${is}; the lab asks for ${networks.join(' or ')}.` };
  }
  return { share: 1, output: `${is}; its files are those that model.json names.` };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function messageOf(error: unknown): string {
  if (error instanceof TextRecognizerError) return error.message;
  throw error;
}
