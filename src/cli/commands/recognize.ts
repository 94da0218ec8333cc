import { Command, Option } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { decodeImage } from '../../images/decode-image.ts';
import { isFreeLicence } from '../../models/model-licence.ts';
import type { ModelManifest } from '../../models/model-manifest.ts';
import { CharacterPredictor } from '../../predictors/character-predictor.ts';
import { defaultModels, freeModels, kindOfShape } from '../../predictors/default-models.ts';
import { LinePredictor } from '../../predictors/line-predictor.ts';
import { readModel } from '../../predictors/model-store.ts';
import type { Recognition } from '../../predictors/recognition.ts';
import type { LineRecognition } from '../../predictors/recognize-line.ts';
import type { Device } from '../../runtime/session.ts';
import type { LineDecoder } from '../../text/decode-line.ts';
import { decoderOption, deviceOption, languageModelOption, threadsOption } from '../options.ts';
import { percent } from '../../report/percent.ts';

const licences = ['any', 'free'] as const;

interface RecognizeOptions {
  /** By the shape of each image when left out. */
  readonly model?: string;
  readonly json?: boolean;
  readonly licence: (typeof licences)[number];
  readonly decoder?: LineDecoder;
  readonly languageModel?: string;
  readonly device: Device;
  readonly threads?: number;
}

/** `recognize FILE…`: reads the character, or the line, in each image. */
export function recognizeCommand(): Command {
  return new Command('recognize')
    .description('read the character, or with a line model the line, in each image')
    .argument('<file...>', 'PNG, JPEG, WebP, GIF, TIFF or AVIF')
    .option(
      '--model <model>',
      `a bundled model or a folder with a model.json (default: ${defaultModels.line} for images more than twice as wide as high, else ${defaultModels.character})`,
    )
    .option('--json', 'print one line of JSON for each file')
    .addOption(
      new Option('--licence <which>', 'free: only models that may be used commercially')
        .choices(licences)
        .default('any'),
    )
    .addOption(decoderOption())
    .addOption(languageModelOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .action(runRecognize);
}

/** A file that cannot be read is reported in its place; the others are read all the same, and the exit code is 1. */
async function runRecognize(files: readonly string[], options: RecognizeOptions): Promise<void> {
  const predictors = new Map<string, Predictor>();
  try {
    // A model that is not there is no fault of any file.
    if (options.model !== undefined) await predictorOf(options.model, predictors, options);
    for (const file of files) {
      try {
        const image = await decodeImage(file);
        const model = options.model ?? defaultsOf(options)[kindOfShape(image.width / image.height)];
        const predictor = await predictorOf(model, predictors, options);
        print(file, await predictor.predictGray(image, options), predictor.manifest, options);
      } catch (error) {
        if (!(error instanceof TextRecognizerError)) throw error;
        printError(file, error, options);
        process.exitCode = 1;
      }
    }
  } finally {
    for (const predictor of predictors.values()) await predictor.close();
  }
}

const defaultsOf = ({ licence }: RecognizeOptions) => (licence === 'free' ? freeModels : defaultModels);

type Predictor = CharacterPredictor | LinePredictor;

/** The predictor of the model's kind, loaded when it is first wanted. */
async function predictorOf(
  model: string,
  loaded: Map<string, Predictor>,
  options: RecognizeOptions,
): Promise<Predictor> {
  const known = loaded.get(model);
  if (known) return known;
  const stored = await readModel(model);
  checkLicence(stored.manifest, options);
  const isLine = stored.manifest.kind === 'line';
  const predictor = isLine ? await LinePredictor.open(stored, options) : await CharacterPredictor.open(stored, options);
  loaded.set(model, predictor);
  return predictor;
}

/** Throws INVALID_ARGUMENT where only free models are wanted; otherwise says on standard error what may not be done with what the model reads. */
function checkLicence({ name, licence }: ModelManifest, { licence: wanted, json }: RecognizeOptions): void {
  if (isFreeLicence(licence)) return;
  if (wanted === 'free') {
    const message = `The model '${name}' is under the licence '${licence}', which is not free; use ${freeModels.line} for lines, or leave out --licence.`;
    throw new TextRecognizerError('INVALID_ARGUMENT', message);
  }
  if (!json) console.error(`The licence of the model '${name}': ${licence}. --licence free takes one for any use.`);
}

function print(
  file: string,
  recognition: Recognition | LineRecognition,
  { licence }: ModelManifest,
  { json }: RecognizeOptions,
): void {
  if (json) return console.log(JSON.stringify({ file, ...recognition, licence }));
  const { text, confidence, alternatives } = recognition;
  const others = alternatives.map((other) => `${other.text} ${percent(other.confidence)}`).join(', ');
  console.log(`${file}: ${text} (${percent(confidence)}${others === '' ? '' : `; else ${others}`})`);
}

function printError(file: string, { code, message }: TextRecognizerError, { json }: RecognizeOptions): void {
  if (json) console.log(JSON.stringify({ file, error: { code, message } }));
  else console.error(`${file}: ${code}: ${message}`);
}
