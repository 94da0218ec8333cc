import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TextRecognizerError } from '../errors.ts';
import { makeFolder } from '../files/explain-write.ts';
import { writeFileAtomic } from '../files/write-file-atomic.ts';
import type { ModelManifest } from '../models/model-manifest.ts';
import type { SessionOptions } from '../runtime/session.ts';
import type { Experiment } from '../tasks/experiment-schema.ts';
import type { Learner, OpenOptions, Task } from '../tasks/task.ts';
import { withTask } from '../tasks/with-task.ts';
import { writeModel } from '../tasks/write-model.ts';
import type { Callback } from '../training/callback.ts';
import { EarlyStopping } from '../training/callbacks/early-stopping.ts';
import { KeepBest } from '../training/callbacks/keep-best.ts';
import { fit, withServingSession, type Trainable } from '../training/fit.ts';
import type { FirstReplica } from '../training/replicas/first-replica.ts';
import { readWeights } from '../training/read-weights.ts';
import { encodeSafetensors } from '../files/safetensors.ts';
import type { TrainingOutcome } from '../training/trainer.ts';
import { PredictionLog } from './prediction-log.ts';
import type { Recipe, Stage } from './recipe.ts';
import { recordRun } from './record-run.ts';
import { changeRunRecord, type RunEnd, type RunRecord } from './run-record.ts';
import { recordExperiment, standardCallbacks } from './standard-callbacks.ts';
import { meanWeights, readParent, type ParentWeights } from './starting-weights.ts';
import { trackRun } from './trackers/track-run.ts';
import type { TrackerKind } from './trackers/tracker-kinds.ts';

export interface ExperimentRunOptions extends SessionOptions, OpenOptions {
  /** The folder of the run; one that was interrupted resumes. */
  readonly folder: string;
  readonly callbacks?: readonly Callback[];
  readonly signal?: AbortSignal;
  readonly loaderThreads?: number;
  /** Seconds between checkpoints; default 120. */
  readonly checkpointSeconds?: number;
  /** This process as the first of several that train together; the others are in `followExperiment`. */
  readonly replica?: FirstReplica;
  /** Who else is told about the run while it is trained, from another thread. */
  readonly trackers?: readonly TrackerKind[];
}

export interface ExperimentResult {
  /** Of the last stage that ran. */
  readonly outcome: TrainingOutcome;
  /** By data set; empty when the run was interrupted. */
  readonly figures: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** A line for each data set. */
  readonly summaries: readonly string[];
  /** The folder with model.onnx, model.json and the card; undefined when the run was interrupted. */
  readonly modelFolder: string | undefined;
}

/** Trains, calibrates, evaluates and saves a model as a recipe says, one stage after the other. */
export async function runExperiment(recipe: Recipe, options: ExperimentRunOptions): Promise<ExperimentResult> {
  const { folder, trackers = [], onNotice } = options;
  const tracking = trackRun(folder, { trackers, onNotice });
  try {
    return await recordRun(folder, recipe, async (record) => {
      const result = await withTask(recipe.kind, (task) => runStages(task, recipe, record, options));
      return { result, end: endOf(result) };
    });
  } finally {
    await tracking.finish();
  }
}

function endOf({ outcome: { stopped } }: ExperimentResult): Omit<RunEnd, 'time'> {
  if (stopped === undefined) return { state: 'finished' };
  return { state: stopped === 'interrupted' ? 'stopped' : 'finished', reason: stopped };
}

/** What a stage ends with. */
interface StageResult {
  readonly outcome: TrainingOutcome;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly sha256: string;
  /** What the card says of it. */
  readonly recipe: Record<string, unknown>;
}

async function runStages<E extends Experiment, Calibration, Evaluation>(
  task: Task<E, Calibration, Evaluation>,
  { name, stages }: Recipe,
  record: RunRecord,
  options: ExperimentRunOptions,
): Promise<ExperimentResult> {
  const parents = await readParents(stages);
  const learners = await task.open(
    stages.map(({ experiment }) => task.schema.parse(experiment)),
    options,
  );
  const parentFiles = [...parents.values()].map(({ file }) => file);
  await changeRunRecord(options.folder, { parents: parentFiles, monitor: learners[learners.length - 1].monitor });
  const results: StageResult[] = [];
  for (const [i, stage] of stages.entries()) {
    const initial = await initialWeights(stage, parents, options.folder);
    const result = await runStage(stage, learners[i], initial, options);
    const { outcome } = result;
    if (outcome.stopped === 'interrupted') return { outcome, figures: {}, summaries: [], modelFolder: undefined };
    results.push(result);
  }
  const last = results[results.length - 1];
  const learner = learners[learners.length - 1];
  const { weights } = last;
  const { calibration, evaluations } = await withServingSession(learner, weights, options, async (session) => {
    const calibration = await learner.calibrate(session);
    return { calibration, evaluations: await learner.evaluate(session, calibration) };
  });
  const modelFolder = join(options.folder, 'model');
  const { description, course, data } = stages[stages.length - 1].experiment;
  await writeModel(
    modelFolder,
    { learner, weights, calibration, evaluations },
    {
      name,
      description,
      course,
      notes: data.notes,
      recipe: toJson(results.length === 1 ? last.recipe : { stages: results.map(({ recipe }) => recipe) }),
      run: {
        id: record.id,
        commits: record.commits,
        weights: last.sha256,
        parents: parentFiles,
      },
      earlier: learners.slice(0, -1).flatMap(({ trainedOn }) => trainedOn),
    },
  );
  await learner.report(evaluations, { model: name, folder: options.folder, curves: await readCurves(stages, options) });
  const summaries = Object.entries(evaluations).map(([set, evaluation]) => `${set}: ${task.summary(evaluation)}`);
  const figures = Object.entries(evaluations).map(([set, evaluation]) => [set, learner.figures(evaluation)] as const);
  return { outcome: last.outcome, figures: Object.fromEntries(figures), summaries, modelFolder };
}

/** Trains from the weights given, or random ones; of the epochs' weights the best are taken. */
async function runStage<Calibration, Evaluation>(
  stage: Stage,
  learner: Learner<Calibration, Evaluation>,
  initial: ReadonlyMap<string, Float32Array> | undefined,
  options: ExperimentRunOptions,
): Promise<StageResult> {
  const { experiment, fresh, from } = stage;
  const { network, training } = experiment;
  if (training.epochs === 0 && !initial) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      'A training of 0 epochs needs weights to begin with: name them as from, or with --from.',
    );
  }
  const folder = stageFolder(stage, options.folder);
  await makeFolder(folder);
  const keepBest = new KeepBest(learner.monitor);
  const { earlyStopping } = training;
  const predictions = learner.samples && new PredictionLog(learner.samples);
  const outcome = await fit(predictions ? withPredictions(learner, predictions) : learner, {
    ...training,
    ...options,
    folder,
    initialWeights: initial,
    freshWeights: fresh,
    callbacks: [
      recordExperiment(experiment),
      ...standardCallbacks(),
      ...(earlyStopping ? [new EarlyStopping({ ...learner.monitor, ...earlyStopping })] : []),
      keepBest,
      ...(predictions ? [predictions] : []),
      ...(options.callbacks ?? []),
    ],
  });
  const { best } = keepBest;
  const isInterrupted = outcome.stopped === 'interrupted';
  const weights = best && !isInterrupted ? await readWeights(join(folder, 'best.safetensors')) : outcome.weights;
  const bytes = encodeSafetensors(weights);
  if (!isInterrupted) await writeFileAtomic(join(folder, weightsFile), bytes);
  const epochs = { epochsDone: outcome.epoch, bestEpoch: best?.epoch ?? outcome.epoch };
  const start = {
    ...(stage.name !== undefined && { name: stage.name, network }),
    ...(from && { from }),
    ...(fresh && { fresh }),
  };
  return {
    outcome,
    weights,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    recipe: { ...start, ...training, ...epochs },
  };
}

/** After each epoch the samples are read as well, by the session that validates. */
function withPredictions(trainable: Trainable, predictions: PredictionLog): Trainable {
  return {
    ...trainable,
    async validate(session) {
      await predictions.read(session);
      return await trainable.validate(session);
    },
  };
}

/** What a stage leaves in its folder when it is done. */
const weightsFile = 'weights.safetensors';

/** The folder of a stage in that of its run. */
export function stageFolder({ name }: Pick<Stage, 'name'>, folder: string): string {
  return name === undefined ? folder : join(folder, 'stages', name);
}

/** All files of weights that the stages begin with, so that a missing one is reported before anything long. */
async function readParents(stages: readonly Stage[]): Promise<Map<string, ParentWeights>> {
  const parents = new Map<string, ParentWeights>();
  for (const start of stages.flatMap(({ from = [] }) => from)) {
    if (typeof start !== 'string') parents.set(JSON.stringify(start), await readParent(start));
  }
  return parents;
}

async function initialWeights(
  { from }: Stage,
  parents: ReadonlyMap<string, ParentWeights>,
  folder: string,
): Promise<ReadonlyMap<string, Float32Array> | undefined> {
  if (!from) return undefined;
  const starts = from.map(async (start) => {
    if (typeof start !== 'string') return parents.get(JSON.stringify(start))!.weights;
    return await readWeights(join(stageFolder({ name: start }, folder), weightsFile));
  });
  return meanWeights(await Promise.all(starts));
}

/** The curves of the last stage that had epochs. */
async function readCurves(stages: readonly Stage[], { folder }: ExperimentRunOptions): Promise<string | undefined> {
  const files = stages
    .map((stage) => join(stageFolder(stage, folder), 'curves.svg'))
    .filter((file) => existsSync(file));
  return files.length === 0 ? undefined : await readFile(files[files.length - 1], 'utf8');
}

function toJson(settings: object): ModelManifest['provenance']['recipe'] {
  return JSON.parse(JSON.stringify(settings)) as ModelManifest['provenance']['recipe'];
}
