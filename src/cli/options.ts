import { InvalidArgumentError, Option } from 'commander';
import { IDX_LABELS } from '../datasets/sources/idx-reading.ts';
import { TextRecognizerError } from '../errors.ts';
import { trackerKinds, type TrackerKind } from '../experiments/trackers/tracker-kinds.ts';
import { oneOf, wholeNumber as parseWholeNumber } from '../options/parse-values.ts';
import { variable } from '../options/variables.ts';
import { devices } from '../runtime/session.ts';
import { lineDecoders } from '../text/decode-line.ts';

/** A whole number from `minimum` to `maximum`, for commander. */
export function wholeNumber(minimum: number, maximum?: number): (text: string) => number {
  return argumentOf(parseWholeNumber(minimum, maximum));
}

/** Lets commander say which option has an argument that `parse` throws INVALID_ARGUMENT for. */
export function argumentOf<Value>(parse: (text: string) => Value): (text: string) => Value {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw error instanceof TextRecognizerError ? new InvalidArgumentError(error.message) : error;
    }
  };
}

/** `--device` with its choices. */
export function deviceOption(): Option {
  return new Option('--device <device>', 'where to compute').choices(devices).default('cpu');
}

/** `--threads`. */
export function threadsOption(
  help = 'threads for computing (env: TEXT_RECOGNIZER_THREADS; default: one per core)',
): Option {
  return new Option('--threads <number>', help).argParser(wholeNumber(1));
}

/** `--decoder`, of lines. */
export function decoderOption(): Option {
  const help = 'lines: how to decode (default: lm where the model knows it, otherwise greedy)';
  return new Option('--decoder <decoder>', help).choices(lineDecoders);
}

/** `--language-model`, of lines. */
export function languageModelOption(): Option {
  const help = 'lines: the language model of the decoder lm (default: the bundled one)';
  return new Option('--language-model <file>', help);
}

/** `--adapter`, of a model of lines. */
export function adapterOption(): Option {
  return new Option('--adapter <file>', 'lines: use an adapter that `adapt` made');
}

/** `--data-root`: where downloads and prepared data sets are. */
export function dataRootOption(): Option {
  const help = 'where downloaded data sets are kept (env: TEXT_RECOGNIZER_DATA)';
  return new Option('--data-root <folder>', help).default(variable('TEXT_RECOGNIZER_DATA', process.env) ?? 'data');
}

/** `--labels`, `--transposed` and `--no-transposed`, of idx and CSV files. */
export function idxOptions(): Option[] {
  return [
    new Option('--labels <split>', 'idx or CSV files: what their labels mean (default: guessed)').choices(
      Object.keys(IDX_LABELS),
    ),
    new Option('--transposed', 'idx or CSV files: rows and columns are exchanged (default: guessed)'),
    new Option('--no-transposed', 'idx or CSV files: the images are upright').default(undefined),
  ];
}

/** `--skip-bad`, of collections of files. */
export function skipBadOption(): Option {
  return new Option('--skip-bad', 'skip files that cannot be read, and name them (default: refuse the first)');
}

/** `--track`, of trainings: trackers by name, several times. */
export function trackOption(help: string): Option {
  const parse = argumentOf(oneOf(trackerKinds));
  return new Option('--track <tracker>', `${help}: ${trackerKinds.join(', ')}; may be given several times`).argParser(
    (text: string, before: readonly TrackerKind[] | undefined) => [...(before ?? []), parse(text)],
  );
}

/** Gathers the values of an option that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
