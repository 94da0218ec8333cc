import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { decodeText } from '../../files/decode-text.ts';
import {
  parseCharacterExperiment,
  parseExperimentJson,
  type CharacterExperiment,
} from '../../experiments/character-experiment.ts';
import { parseLineExperiment, type LineExperiment } from '../../experiments/line-experiment.ts';
import { runCharacterExperiment, type ExperimentRunOptions } from '../../experiments/run-character-experiment.ts';
import { runLineExperiment } from '../../experiments/run-line-experiment.ts';
import type { Device } from '../../runtime/session.ts';
import type { TrainingOutcome } from '../../training/trainer.ts';
import { ProgressBar } from '../../training/callbacks/progress-bar.ts';
import { installInterrupt } from '../../training/interrupt.ts';
import { percent } from '../percent.ts';
import { collect, dataRootOption, deviceOption, threadsOption, wholeNumber } from '../options.ts';

interface TrainOptions {
  readonly data?: readonly string[];
  readonly test?: readonly string[];
  readonly epochs?: number;
  readonly seed?: number;
  readonly from?: string;
  readonly fresh?: readonly string[];
  readonly folder?: string;
  readonly checkpointSeconds: number;
  readonly dataRoot: string;
  readonly device: Device;
  readonly threads?: number;
}

/** `train EXPERIMENT`: trains a model as an experiment file says. */
export function trainCommand(): Command {
  return new Command('train')
    .description('train a model of characters or of lines; a run that was interrupted goes on')
    .argument('<experiment>', 'an experiment file, e.g. experiments/lenet.json')
    .option('--data <name>', 'train on this data set or idx prefix instead; may be given several times', collect)
    .option('--test <name>', 'report on this data set or idx prefix; may be given several times', collect)
    .option('--epochs <number>', 'train for so many epochs instead', wholeNumber(1))
    .option('--seed <number>', 'begin from this seed instead', wholeNumber(0))
    .option('--from <file>', 'begin with these weights, a .safetensors file of an earlier run of the same network')
    .option(
      '--fresh <name>',
      'with --from: weights whose names begin so stay random, e.g. logits; may be given several times',
      collect,
    )
    .option('--folder <folder>', 'the folder of the run (default: runs/NAME)')
    .option('--checkpoint-seconds <number>', 'save the state of the run so often', wholeNumber(0), 120)
    .addOption(dataRootOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .action(runTrain);
}

async function runTrain(file: string, options: TrainOptions): Promise<void> {
  if (options.fresh && options.from === undefined) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      '--fresh says which weights of --from are left out; without --from all weights begin at random.',
    );
  }
  const { name, run } = readExperiment(await readText(file), file, options);
  const abort = new AbortController();
  const uninstall = installInterrupt(() => abort.abort());
  try {
    const { outcome, figures, modelFolder } = await run({
      folder: options.folder ?? join('runs', name),
      dataRoot: options.dataRoot,
      test: options.test,
      initialWeights: options.from,
      freshWeights: options.fresh,
      checkpointSeconds: options.checkpointSeconds,
      device: options.device,
      threads: options.threads,
      callbacks: [new ProgressBar()],
      signal: abort.signal,
      onNotice: (message) => console.error(message),
    });
    if (outcome.stopped === 'interrupted') {
      console.error(`Saved after step ${outcome.step}. Run the same command again to go on.`);
      process.exitCode = 130;
      return;
    }
    if (outcome.stopped !== undefined) console.error(`Stopped after epoch ${outcome.epoch}: ${outcome.stopped}`);
    for (const line of figures) console.log(line);
    console.log(`Model: ${modelFolder}`);
  } finally {
    uninstall();
  }
}

/** An experiment of either kind, ready to run. */
interface RunnableExperiment {
  readonly name: string;
  run(options: ExperimentRunOptions): Promise<{
    readonly outcome: TrainingOutcome;
    /** A line for each data set. */
    readonly figures: readonly string[];
    readonly modelFolder: string | undefined;
  }>;
}

function readExperiment(text: string, file: string, flags: TrainOptions): RunnableExperiment {
  const json = parseExperimentJson(text, file);
  const isOfLines = typeof json === 'object' && json !== null && 'kind' in json && json.kind === 'line';
  return isOfLines
    ? lineExperiment(withLineFlags(parseLineExperiment(json, file), flags))
    : characterExperiment(withFlags(parseCharacterExperiment(text, file), flags));
}

function characterExperiment(experiment: CharacterExperiment): RunnableExperiment {
  return {
    name: experiment.name,
    async run(options) {
      const { evaluations, ...result } = await runCharacterExperiment(experiment, options);
      const figures = Object.entries(evaluations).map(
        ([name, { accuracy, calibrationError }]) =>
          `${name}: accuracy ${percent(accuracy, 2)}, calibration error ${calibrationError.toFixed(4)}`,
      );
      return { ...result, figures };
    },
  };
}

function lineExperiment(experiment: LineExperiment): RunnableExperiment {
  return {
    name: experiment.name,
    async run(options) {
      const { evaluations, ...result } = await runLineExperiment(experiment, options);
      const figures = Object.entries(evaluations).map(
        ([name, { cer, wer }]) => `${name}: CER ${percent(cer.rate, 2)}, WER ${percent(wer.rate, 2)}`,
      );
      return { ...result, figures };
    },
  };
}

/** What was given as flags goes before what stands in the file. */
function withFlags(experiment: CharacterExperiment, { data, epochs, seed }: TrainOptions): CharacterExperiment {
  const { training } = experiment;
  return {
    ...experiment,
    data: { ...experiment.data, train: data ? [...data] : experiment.data.train },
    training: { ...training, epochs: epochs ?? training.epochs, seed: seed ?? training.seed },
  };
}

/** Sets given as flags are sampled alike, and keep a twentieth aside. */
function withLineFlags(experiment: LineExperiment, { data, epochs, seed }: TrainOptions): LineExperiment {
  const { training } = experiment;
  const train =
    data?.map((lines) => ({ lines, weight: 1, fitted: false, validationShare: 0.05 })) ?? experiment.data.train;
  return {
    ...experiment,
    data: { ...experiment.data, train },
    training: { ...training, epochs: epochs ?? training.epochs, seed: seed ?? training.seed },
  };
}

async function readText(file: string): Promise<string> {
  try {
    return decodeText(await readFile(file));
  } catch (cause) {
    throw new TextRecognizerError(
      'FILE_NOT_FOUND',
      `There is no experiment file ${file}; see experiments/ for those that come along.`,
      { cause },
    );
  }
}
