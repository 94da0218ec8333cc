import { Command, Option } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { type ReadingFormat, readingFormats } from '../../formats/write-reading.ts';
import { type WantedLicence, wantedLicences } from '../../models/model-licence.ts';
import { defaultModels } from '../../models/default-models.ts';
import { Recognizer } from '../../reading/recognizer.ts';
import type { Device } from '../../runtime/session.ts';
import type { LineDecoder } from '../../text/decode-line.ts';
import { installInterrupt } from '../../training/interrupt.ts';
import {
  adapterOption,
  decoderOption,
  deviceOption,
  languageModelOption,
  threadsOption,
  wholeNumber,
} from '../options.ts';
import { recognizeFiles } from '../recognize/recognize-files.ts';
import { addRuleOptions, readRules, type RuleFlags } from '../rule-options.ts';

interface CommandOptions extends RuleFlags {
  /** By what is in each picture when left out. */
  readonly model?: string;
  readonly page?: number;
  readonly list?: string;
  readonly json?: boolean;
  readonly format?: ReadingFormat;
  readonly output?: string;
  readonly queue?: string;
  readonly worker?: boolean;
  readonly lockSeconds: number;
  readonly licence: WantedLicence;
  readonly decoder?: LineDecoder;
  readonly languageModel?: string;
  readonly adapter?: string;
  readonly device: Device;
  readonly threads?: number;
}

/** `recognize FILE…`: reads the character, the line or the page in each picture. */
export function recognizeCommand(): Command {
  const command = new Command('recognize')
    .description('read each picture: a character, a line or a page')
    .argument(
      '[file...]',
      'PNG, JPEG, WebP, GIF, TIFF, AVIF, HEIC, BMP or PDF, or folders of them; - reads standard input, * and ? match in file names',
    )
    .option(
      '--model <model>',
      `a bundled model or a folder with a model.json (default: ${defaultModels.character} for one character, ${defaultModels.line} for writing)`,
    )
    .option(
      '--page <number>',
      'only this page of a PDF or TIFF, or frame of an animation (default: all pages, the first frame)',
      wholeNumber(1),
    )
    .option('--list <file>', 'a text file with one file name per line; with --queue also s3://BUCKET/KEY')
    .option('--json', 'print one line of JSON for each page')
    .addOption(
      new Option('--format <format>', 'output format (default: a readable line per page)').choices(readingFormats),
    )
    .option('--output <folder>', 'write a file for each page; an interrupted run resumes')
    .option(
      '--queue <address>',
      'let workers on any machine read the files, through Redis at redis://host:6379; files may be s3://BUCKET/PREFIX, and --output a shared folder or s3://BUCKET/PREFIX',
    )
    .option('--worker', 'read files from --queue on this machine until Ctrl-C, instead of adding files to it')
    .option(
      '--lock-seconds <number>',
      'with --worker: seconds without a heartbeat after which another worker takes over a file',
      wholeNumber(1),
      30,
    )
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

async function runRecognize(paths: readonly string[], options: CommandOptions): Promise<void> {
  const { model, adapter, format, json, output, page, decoder } = options;
  if (json && format !== undefined && format !== 'json') {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `--json is --format json, and does not go with --format ${format}.`,
    );
  }
  if (options.worker) return await work(paths, options);
  if ((paths.length === 0) === (options.list === undefined)) {
    const message = 'Name files or folders to read, or a list of them with --list; not both.';
    throw new TextRecognizerError('INVALID_ARGUMENT', message);
  }
  const rules = await readRules(options);
  if (options.queue !== undefined) return await readElsewhere(paths, options, { ...rules, decoder });
  const recognizer = await Recognizer.load({
    ...options,
    models: model === undefined ? undefined : [model],
    adapters: adapter === undefined ? [] : [adapter],
  });
  try {
    const read = { ...rules, decoder };
    const run = {
      recognizer,
      page,
      list: options.list,
      output,
      read,
      format: json ? 'json' : format,
      options: resultOptions(options),
    } as const;
    const { failures } = await recognizeFiles(paths, run);
    if (failures > 0) process.exitCode = 1;
  } finally {
    await recognizer.close();
  }
}

/** `recognize --worker`. */
async function work(
  paths: readonly string[],
  { queue, list, lockSeconds, device, threads, json }: CommandOptions,
): Promise<void> {
  if (queue === undefined || paths.length > 0 || list !== undefined) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      '--worker takes files from --queue ADDRESS, and none as arguments.',
    );
  }
  const { readFromQueue } = await import('../recognize/queue/read-from-queue.ts');
  const abort = new AbortController();
  const uninstall = installInterrupt(() => abort.abort(), 'Finishing the file; press Ctrl-C again to quit at once.');
  try {
    await readFromQueue({
      address: queue,
      session: { device, threads },
      lockSeconds,
      signal: abort.signal,
      onNotice: (message) => console.error(message),
      onEvent: (event) => console.log(json ? JSON.stringify(event) : [event.event, event.file ?? ''].join(' ').trim()),
    });
  } finally {
    uninstall();
  }
}

/** `recognize FILE… --queue`. */
async function readElsewhere(paths: readonly string[], options: CommandOptions, read: object): Promise<void> {
  const { queue, output, json, format, page, list, model, adapter, licence, languageModel } = options;
  if (output === undefined) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      'Say with --output where workers write results: a folder that all machines share, or s3://BUCKET/PREFIX.',
    );
  }
  const { putOnQueue } = await import('../recognize/queue/put-on-queue.ts');
  const load = {
    models: model === undefined ? undefined : [model],
    adapters: adapter === undefined ? [] : [adapter],
    licence,
    languageModel,
  };
  const totals = await putOnQueue(paths, {
    address: queue!,
    place: output,
    list,
    settings: { format: format ?? (json ? 'json' : 'text'), page, load, read: { ...read } },
    onNotice: (message) => console.error(message),
  });
  console.error(totals.toString());
  if (totals.failures > 0) process.exitCode = 1;
}

/** What results depend on. */
function resultOptions(options: CommandOptions): object {
  const { model, adapter, page, licence, decoder, languageModel, characters, pattern, words, likelyWords } = options;
  return { model, adapter, page, licence, decoder, languageModel, characters, pattern, words, likelyWords };
}
