import { Command } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { CharacterPredictor } from '../../predictors/character-predictor.ts';
import type { Recognition } from '../../predictors/recognition.ts';
import type { Device } from '../../runtime/session.ts';
import { deviceOption, threadsOption } from '../options.ts';
import { percent } from '../percent.ts';

interface RecognizeOptions {
  readonly model: string;
  readonly json?: boolean;
  readonly device: Device;
  readonly threads?: number;
}

/** `recognize FILE…`: reads the character in each image. */
export function recognizeCommand(): Command {
  return new Command('recognize')
    .description('read the character in each image')
    .argument('<file...>', 'PNG, JPEG, WebP, GIF, TIFF or AVIF')
    .option('--model <model>', 'a bundled model or a folder with a model.json', 'character-cnn')
    .option('--json', 'print one line of JSON for each file')
    .addOption(deviceOption())
    .addOption(threadsOption())
    .action(runRecognize);
}

/** A file that cannot be read is reported in its place; the others are read all the same, and the exit code is 1. */
async function runRecognize(files: readonly string[], options: RecognizeOptions): Promise<void> {
  const predictor = await CharacterPredictor.load(options);
  try {
    for (const file of files) {
      try {
        print(file, await predictor.predict(file), options);
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

function print(file: string, { text, confidence, alternatives }: Recognition, { json }: RecognizeOptions): void {
  if (json) return console.log(JSON.stringify({ file, text, confidence, alternatives }));
  const others = alternatives.map((other) => `${other.text} ${percent(other.confidence)}`).join(', ');
  console.log(`${file}: ${text} (${percent(confidence)}; else ${others})`);
}

function printError(file: string, { code, message }: TextRecognizerError, { json }: RecognizeOptions): void {
  if (json) console.log(JSON.stringify({ file, error: { code, message } }));
  else console.error(`${file}: ${code}: ${message}`);
}
