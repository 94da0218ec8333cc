import { Command, Option } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { isFreeLicence, type WantedLicence, wantedLicences } from '../../models/model-licence.ts';
import { defaultModels } from '../../models/default-models.ts';
import { flatReading } from '../../reading/flat-reading.ts';
import type { LineReading, Reading } from '../../reading/reading.ts';
import { Recognizer } from '../../reading/recognizer.ts';
import type { Device } from '../../runtime/session.ts';
import type { LineDecoder } from '../../text/decode-line.ts';
import { expandWildcards } from '../expand-wildcards.ts';
import {
  adapterOption,
  decoderOption,
  deviceOption,
  languageModelOption,
  threadsOption,
  wholeNumber,
} from '../options.ts';
import { readStandardInput } from '../read-standard-input.ts';
import { addRuleOptions, readRules, type RuleFlags } from '../rule-options.ts';
import { percent } from '../../report/percent.ts';

interface CommandOptions extends RuleFlags {
  /** By what is in each picture when left out. */
  readonly model?: string;
  readonly page?: number;
  readonly json?: boolean;
  readonly licence: WantedLicence;
  readonly decoder?: LineDecoder;
  readonly languageModel?: string;
  readonly adapter?: string;
  readonly device: Device;
  readonly threads?: number;
}

/** `recognize FILE…`: reads the character or the line in each picture. */
export function recognizeCommand(): Command {
  const command = new Command('recognize')
    .description('read the character or the line in each picture')
    .argument(
      '<file...>',
      'PNG, JPEG, WebP, GIF, TIFF, AVIF, HEIC, BMP or PDF; - reads standard input, * and ? match in file names',
    )
    .option(
      '--model <model>',
      `a bundled model or a folder with a model.json (default: ${defaultModels.character} for one character, ${defaultModels.line} for writing)`,
    )
    .option('--page <number>', 'which page of a TIFF or frame of an animation (default: the first)', wholeNumber(1))
    .option('--json', 'print one line of JSON for each file')
    .addOption(
      new Option('--licence <which>', 'free: only models that may be used commercially')
        .choices(wantedLicences)
        .default('any'),
    )
    .addOption(decoderOption())
    .addOption(languageModelOption())
    .addOption(adapterOption());
  return addRuleOptions(command).addOption(deviceOption()).addOption(threadsOption()).action(runRecognize);
}

/** A file that cannot be read is reported in its place; the others are still read, and the exit code is 1. */
async function runRecognize(files: readonly string[], { model, adapter, ...options }: CommandOptions): Promise<void> {
  const rules = await readRules(options);
  const recognizer = await Recognizer.load({
    ...options,
    models: model === undefined ? undefined : [model],
    adapters: adapter === undefined ? [] : [adapter],
  });
  const warned = new Set<string>();
  try {
    for (const file of await expandWildcards(files)) {
      try {
        const image = file === '-' ? await readStandardInput() : file;
        const reading = await recognizer.read(image, { ...rules, decoder: options.decoder, page: options.page });
        if (!options.json) warnOfLicence(reading, warned);
        print(file, reading, options);
      } catch (error) {
        if (!(error instanceof TextRecognizerError)) throw error;
        printError(file, error, options);
        process.exitCode = 1;
      }
    }
  } finally {
    await recognizer.close();
  }
}

/** Says on standard error, once for a model, what may not be done with what it reads. */
function warnOfLicence({ model, licence }: Reading, warned: Set<string>): void {
  if (isFreeLicence(licence) || warned.has(model)) return;
  warned.add(model);
  console.error(`The licence of the model '${model}': ${licence}. --licence free takes one for any use.`);
}

function print(file: string, reading: Reading, { json }: Pick<CommandOptions, 'json'>): void {
  if (json) return console.log(JSON.stringify({ file, ...toJson(reading) }));
  const { text, confidence, alternatives, page, pages } = reading;
  if (pages !== undefined) console.error(`${file}: page ${page} of ${pages} is read; --page chooses another.`);
  if (reading.kind === 'blank') return console.log(`${file}: nothing is written here`);
  const others = alternatives.map((other) => `${other.text} ${percent(other.confidence)}`).join(', ');
  console.log(`${file}: ${text} (${percent(confidence)}${others === '' ? '' : `; or ${others}`})`);
}

/** The tree, without the characters of a whole line, which those of its words repeat; and all characters and words in a row. */
function toJson({ kind, text, confidence, alternatives, lines, ...rest }: Reading): object {
  return { kind, text, confidence, alternatives, ...flatReading(lines), lines: lines.map(treeOf), ...rest };
}

function treeOf({
  text,
  confidence,
  alternatives,
  polygon,
  baseline,
  words,
}: LineReading): Omit<LineReading, 'characters'> {
  return { text, confidence, alternatives, polygon, baseline, words };
}

function printError(
  file: string,
  { code, message }: TextRecognizerError,
  { json }: Pick<CommandOptions, 'json'>,
): void {
  if (json) console.log(JSON.stringify({ file, error: { code, message } }));
  else console.error(`${file}: ${code}: ${message}`);
}
