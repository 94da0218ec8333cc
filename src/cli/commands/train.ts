import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { parseCharacterExperiment, type CharacterExperiment } from '../../experiments/character-experiment.ts';
import { runCharacterExperiment } from '../../experiments/run-character-experiment.ts';
import type { Device } from '../../runtime/session.ts';
import { ProgressBar } from '../../training/callbacks/progress-bar.ts';
import { installInterrupt } from '../../training/interrupt.ts';
import { collect, dataRootOption, deviceOption, threadsOption, wholeNumber } from '../options.ts';

interface TrainOptions {
  readonly data?: readonly string[];
  readonly test?: readonly string[];
  readonly epochs?: number;
  readonly seed?: number;
  readonly from?: string;
  readonly folder?: string;
  readonly checkpointSeconds: number;
  readonly dataRoot: string;
  readonly device: Device;
  readonly threads?: number;
}

/** `train EXPERIMENT`: trains a model as an experiment file says. */
export function trainCommand(): Command {
  return new Command('train')
    .description('train a character model; a run that was interrupted goes on')
    .argument('<experiment>', 'an experiment file, e.g. experiments/lenet.json')
    .option('--data <name>', 'train on this data set or idx prefix instead; may be given several times', collect)
    .option('--test <name>', 'report on this data set or idx prefix; may be given several times', collect)
    .option('--epochs <number>', 'train for so many epochs instead', wholeNumber(1))
    .option('--seed <number>', 'begin from this seed instead', wholeNumber(0))
    .option('--from <file>', 'begin with these weights, a .safetensors file of an earlier run of the same network')
    .option('--folder <folder>', 'the folder of the run (default: runs/NAME)')
    .option('--checkpoint-seconds <number>', 'save the state of the run so often', wholeNumber(0), 120)
    .addOption(dataRootOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .action(runTrain);
}

async function runTrain(file: string, options: TrainOptions): Promise<void> {
  const experiment = withFlags(parseCharacterExperiment(await readText(file), file), options);
  const folder = options.folder ?? join('runs', experiment.name);
  const abort = new AbortController();
  const uninstall = installInterrupt(() => abort.abort());
  try {
    const { outcome, evaluations, modelFolder } = await runCharacterExperiment(experiment, {
      folder,
      dataRoot: options.dataRoot,
      test: options.test,
      initialWeights: options.from,
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
    for (const [name, { accuracy, calibrationError }] of Object.entries(evaluations)) {
      console.log(
        `${name}: accuracy ${(100 * accuracy).toFixed(2)} %, calibration error ${calibrationError.toFixed(4)}`,
      );
    }
    console.log(`Model: ${modelFolder}`);
  } finally {
    uninstall();
  }
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

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new TextRecognizerError(
      'FILE_NOT_FOUND',
      `There is no experiment file ${file}; see experiments/ for those that come along.`,
      { cause },
    );
  }
}
