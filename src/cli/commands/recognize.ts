import { Command, Option } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { CharacterPredictor } from '../../predictors/character-predictor.ts';
import { LinePredictor } from '../../predictors/line-predictor.ts';
import { readModel } from '../../predictors/model-store.ts';
import type { Recognition } from '../../predictors/recognition.ts';
import type { LineRecognition } from '../../predictors/recognize-line.ts';
import type { Device } from '../../runtime/session.ts';
import { lineDecoders, type LineDecoder } from '../../text/decode-line.ts';
import { deviceOption, threadsOption } from '../options.ts';
import { percent } from '../percent.ts';

interface RecognizeOptions {
  readonly model: string;
  readonly json?: boolean;
  readonly decoder: LineDecoder;
  readonly languageModel?: string;
  readonly device: Device;
  readonly threads?: number;
}

/** `recognize FILE…`: reads the character, or the line, in each image. */
export function recognizeCommand(): Command {
  return new Command('recognize')
    .description('read the character, or with a line model the line, in each image')
    .argument('<file...>', 'PNG, JPEG, WebP, GIF, TIFF or AVIF')
    .option('--model <model>', 'a bundled model or a folder with a model.json', 'character-cnn')
    .option('--json', 'print one line of JSON for each file')
    .addOption(new Option('--decoder <decoder>', 'lines: how to decode').choices(lineDecoders).default('greedy'))
    .option('--language-model <file>', 'lines: the language model of the decoder lm (default: the bundled one)')
    .addOption(deviceOption())
    .addOption(threadsOption())
    .action(runRecognize);
}

/** A file that cannot be read is reported in its place; the others are read all the same, and the exit code is 1. */
async function runRecognize(files: readonly string[], options: RecognizeOptions): Promise<void> {
  const predictor = await loadPredictor(options);
  try {
    for (const file of files) {
      try {
        print(file, await predictor.predict(file, options), options);
      } catch (error) {
        if (!(error instanceof TextRecognizerError)) throw error;
        printError(file, error, options);
        process.exitCode = 1;
      }
    }
  } finally {
    await predictor.close();
  }
}

/** The predictor of the model's kind. */
async function loadPredictor(options: RecognizeOptions): Promise<CharacterPredictor | LinePredictor> {
  const { manifest } = await readModel(options.model);
  return manifest.kind === 'line' ? await LinePredictor.load(options) : await CharacterPredictor.load(options);
}

function print(file: string, recognition: Recognition | LineRecognition, { json }: RecognizeOptions): void {
  if (json) return console.log(JSON.stringify({ file, ...recognition }));
  const { text, confidence, alternatives } = recognition;
  const others = alternatives.map((other) => `${other.text} ${percent(other.confidence)}`).join(', ');
  console.log(`${file}: ${text} (${percent(confidence)}${others === '' ? '' : `; else ${others}`})`);
}

function printError(file: string, { code, message }: TextRecognizerError, { json }: RecognizeOptions): void {
  if (json) console.log(JSON.stringify({ file, error: { code, message } }));
  else console.error(`${file}: ${code}: ${message}`);
}
