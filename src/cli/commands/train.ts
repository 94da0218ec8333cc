import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { withIdxReading, type IdxReading } from '../../datasets/sources/idx-reading.ts';
import { TextRecognizerError } from '../../errors.ts';
import { decodeText } from '../../files/decode-text.ts';
import { parseRecipe, type Recipe, type Stage } from '../../experiments/recipe.ts';
import { followExperiment } from '../../experiments/replicas/follow-experiment.ts';
import { startReplicas } from '../../experiments/replicas/start-replicas.ts';
import { runExperiment } from '../../experiments/run-experiment.ts';
import { withTask } from '../../tasks/with-task.ts';
import { ProgressBar } from '../../training/callbacks/progress-bar.ts';
import { FirstReplica } from '../../training/replicas/first-replica.ts';
import { OtherReplica } from '../../training/replicas/other-replica.ts';
import { installInterrupt } from '../../training/interrupt.ts';
import { collect, idxOptions, wholeNumber } from '../options.ts';
import { addTrainingOptions, type TrainingFlags } from '../training-options.ts';

interface TrainFlags extends TrainingFlags, IdxReading {
  readonly data?: readonly string[];
  readonly epochs?: number;
  readonly seed?: number;
  readonly from?: string;
  readonly fresh?: readonly string[];
  readonly stage?: string;
  readonly replicas: number;
  readonly rank?: number;
  readonly address?: string;
}

/** `train EXPERIMENT`: trains a model as an experiment file says. */
export function trainCommand(): Command {
  const command = new Command('train')
    .description('train the model of an experiment; an interrupted run resumes')
    .argument('<experiment>', 'an experiment file, e.g. experiments/lenet.json')
    .option('--data <name>', 'train on this data set or prefix; may be given several times', collect)
    .option(
      '--epochs <number>',
      'train for this many epochs; 0 only calibrates and evaluates the weights of --from',
      wholeNumber(0),
    )
    .option('--seed <number>', 'override the seed', wholeNumber(0))
    .option('--from <file>', 'start from the weights in this .safetensors file, of the same network')
    .option(
      '--fresh <name>',
      'with --from: weights whose names begin with this stay random, e.g. logits; may be given several times',
      collect,
    )
    .option('--stage <name>', 'train this stage of the experiment only')
    .option(
      '--replicas <number>',
      'number of processes, each of which trains on its share of every batch',
      wholeNumber(1),
      1,
    )
    .option('--rank <number>', 'with --address: which of the replicas this is, from 0', wholeNumber(0))
    .option('--address <address>', 'where replica 0 waits for the others on other machines, e.g. tcp://host:7070')
    .action((file: string, flags: TrainFlags) => runTrain(file, withReadings(flags)));
  addTrainingOptions(command, 'run');
  for (const option of idxOptions()) command.addOption(option);
  return command;
}

/** `--labels` and `--transposed` become part of the names of `--data` and `--test`, so that the run's folder records them. */
function withReadings(flags: TrainFlags): TrainFlags {
  const { data = [], test = [] } = flags;
  const names = withIdxReading([...data, ...test], flags);
  return { ...flags, data: flags.data && names.slice(0, data.length), test: flags.test && names.slice(data.length) };
}

async function runTrain(file: string, options: TrainFlags): Promise<void> {
  if (options.fresh && options.from === undefined) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      '--fresh selects weights of --from to leave out; without --from, all weights are random.',
    );
  }
  checkReplicaFlags(options);
  const recipe = withFlags(parseRecipe(await readText(file), file), options);
  const { rank = 0 } = options;
  if (rank > 0) await trainAlong(recipe, rank, options);
  else await withFirstReplica(recipe, options, (replica) => trainFirst(recipe, options, replica));
}

async function trainFirst(recipe: Recipe, options: TrainFlags, replica: FirstReplica | undefined): Promise<void> {
  const abort = new AbortController();
  const uninstall = installInterrupt(() => abort.abort());
  try {
    const { outcome, summaries, modelFolder } = await runExperiment(recipe, {
      folder: options.folder ?? join('runs', recipe.name),
      dataRoot: options.dataRoot,
      test: options.test,
      skipBad: options.skipBad,
      checkpointSeconds: options.checkpointSeconds,
      device: options.device,
      threads: threadsOf(options),
      trackers: options.track,
      callbacks: [new ProgressBar()],
      signal: abort.signal,
      replica,
      onNotice: (message) => console.error(message),
    });
    if (outcome.stopped === 'interrupted') {
      console.error(`Saved after step ${outcome.step}. Run the same command again to resume.`);
      process.exitCode = 130;
      return;
    }
    if (outcome.stopped !== undefined) console.error(`Stopped after epoch ${outcome.epoch}: ${outcome.stopped}`);
    for (const line of summaries) console.log(line);
    console.log(`Model: ${modelFolder}`);
  } finally {
    uninstall();
  }
}

function checkReplicaFlags({ replicas, rank, address }: TrainFlags): void {
  if ((rank === undefined) === (address === undefined) && (rank ?? 0) < replicas) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    rank !== undefined && rank >= replicas
      ? `--rank ${rank} is none of ${replicas} replicas: give one from 0 to ${replicas - 1}.`
      : 'Replicas on several machines need both --rank and --address on each of them; on one machine leave out both.',
  );
}

/** On one machine, all replicas but the first are started here. */
async function withFirstReplica(
  recipe: Recipe,
  options: TrainFlags,
  use: (replica: FirstReplica | undefined) => Promise<void>,
): Promise<void> {
  const { replicas, address, dataRoot, test, skipBad, device } = options;
  if (replicas === 1) return await use(undefined);
  const replica = await FirstReplica.open(address ?? 'tcp://127.0.0.1:*', replicas);
  try {
    if (address === undefined)
      startReplicas(replica, recipe, { dataRoot, test, skipBad, device, threads: threadsOf(options) });
    else console.error(`Waiting at ${replica.address} for replicas 1 to ${replicas - 1}.`);
    await use(replica);
  } finally {
    replica.close();
  }
}

async function trainAlong(recipe: Recipe, rank: number, options: TrainFlags): Promise<void> {
  const { replicas, address, dataRoot, test, skipBad, device, threads } = options;
  const replica = await OtherReplica.open(address!, rank, replicas);
  const onNotice = (message: string) => console.error(message);
  try {
    await followExperiment(recipe, { replica, dataRoot, test, skipBad, device, threads, onNotice });
    console.log('The training is over; replica 0 has the run.');
  } finally {
    replica.close();
  }
}

/** Replicas on one machine share its cores. */
function threadsOf({ threads, replicas, address }: TrainFlags): number | undefined {
  if (threads !== undefined || replicas === 1 || address !== undefined) return threads;
  return Math.max(1, Math.floor(availableParallelism() / replicas));
}

/** Flags override what is in the file: `--from` of the first stage, the others of all. */
function withFlags(recipe: Recipe, flags: TrainFlags): Recipe {
  const stages = flags.stage === undefined ? recipe.stages : [stageOf(recipe, flags.stage)];
  return { ...recipe, stages: stages.map((stage, i) => withStageFlags(recipe, stage, i === 0, flags)) };
}

function withStageFlags(
  { kind }: Recipe,
  stage: Stage,
  isFirst: boolean,
  { data, epochs, seed, from, fresh }: TrainFlags,
): Stage {
  const experiment = data
    ? withTask(kind, (task) => task.withData(task.schema.parse(stage.experiment), data))
    : stage.experiment;
  const { training } = experiment;
  // A stage that only takes the mean of weights continues doing so.
  const trained = training.epochs === 0 ? 0 : (epochs ?? training.epochs);
  const changed = { ...training, epochs: trained, seed: seed ?? training.seed };
  const start = from !== undefined && isFirst ? { from: [{ weights: from }], fresh } : {};
  return { ...stage, ...start, experiment: { ...experiment, training: changed } };
}

function stageOf({ name, stages }: Recipe, wanted: string): Stage {
  const stage = stages.find((stage) => stage.name === wanted);
  if (stage) return stage;
  const names = stages.flatMap((stage) => stage.name ?? []).join(', ') || 'none by name';
  throw new TextRecognizerError('INVALID_ARGUMENT', `${name} has no stage '${wanted}'; there are ${names}.`);
}

async function readText(file: string): Promise<string> {
  try {
    return decodeText(await readFile(file));
  } catch (cause) {
    throw new TextRecognizerError(
      'FILE_NOT_FOUND',
      `There is no experiment file ${file}; see experiments/ for the bundled ones.`,
      { cause },
    );
  }
}
