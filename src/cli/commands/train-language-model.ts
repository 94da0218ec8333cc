import { Command, Option } from 'commander';
import { readSentences } from '../../datasets/sources/sentences.ts';
import { requireWritable } from '../../files/explain-write.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import type { LanguageModel } from '../../text/language-model/language-model.ts';
import { decodeLanguageModel, encodeLanguageModel } from '../../text/language-model/language-model-file.ts';
import { trainLanguageModel } from '../../text/language-model/train-language-model.ts';
import { lineAlphabet } from '../../text/line-alphabet.ts';
import { normalizeText } from '../../text/normalize-text.ts';
import { trainingTexts } from '../../tasks/line/training-texts.ts';
import { collect, dataRootOption, wholeNumber } from '../options.ts';

interface TrainLanguageModelOptions {
  readonly output: string;
  readonly order: number;
  readonly bytes: number;
  readonly about: string;
  readonly lines?: readonly string[];
  readonly holdOut?: readonly string[];
  readonly dataRoot: string;
  readonly seed?: readonly number[];
  readonly test?: readonly string[];
}

/** `train-language-model TEXT…`: trains the character model that decoding uses. */
export function trainLanguageModelCommand(): Command {
  return new Command('train-language-model')
    .description('train a character language model for decoding lines')
    .argument('<text...>', 'text files, one sentence per line, plain or gzip')
    .requiredOption('--output <file>', 'where to write the model')
    .option('--order <number>', 'the longest n-gram', wholeNumber(2), 7)
    .option('--bytes <number>', 'the size to prune to', wholeNumber(20_000), 4_000_000)
    .option(
      '--lines <set>',
      'lines whose texts are added; SET@0.05 leaves out the pages that a training with this validationShare and seed keeps aside; may be given several times',
      collect,
    )
    .option(
      '--hold-out <set>',
      'leave out writers, pages and sentences of these lines; may be given several times',
      collect,
    )
    .addOption(dataRootOption())
    .addOption(
      new Option('--seed <number>', 'of the split of --lines; may be given several times (default: 42)').argParser(
        (text, before: readonly number[] = []) => [...before, wholeNumber(0)(text)],
      ),
    )
    .option('--about <text>', 'source and licence of the text, stored in the file', '')
    .option('--test <file>', 'report bits per character on this text; may be given several times', collect)
    .action(runTrainLanguageModel);
}

async function runTrainLanguageModel(files: readonly string[], options: TrainLanguageModelOptions): Promise<void> {
  await requireWritable(options.output);
  const texts = await Promise.all(files.map(readSentences));
  const { dataRoot, holdOut = [], lines = [] } = options;
  const [first = 42, ...others] = options.seed ?? [];
  const onNotice = (notice: string) => console.error(notice);
  const ofLines = await trainingTexts(lines, { dataRoot, seeds: [first, ...others], holdOut, onNotice });
  const sentences = [...texts.flat(), ...ofLines].map((sentence) => normalizeText(sentence));
  const tree = trainLanguageModel(sentences, { alphabet: lineAlphabet, order: options.order, maxBytes: options.bytes });
  const bytes = await encodeLanguageModel(tree, options.about);
  await writeFileAtomic(options.output, bytes);
  const model = await decodeLanguageModel(bytes);
  console.log(`${options.output}: ${model.size} n-grams up to order ${model.order}, ${bytes.length} bytes`);
  for (const file of options.test ?? []) {
    console.log(`${file}: ${bitsPerCharacter(model, await readSentences(file)).toFixed(3)} bits per character`);
  }
}

function bitsPerCharacter(model: LanguageModel, lines: readonly string[]): number {
  const texts = lines.map((line) => lineAlphabet.fold(normalizeText(line)));
  const characters = texts.reduce((sum, text) => sum + [...text].length, 0);
  const nats = texts.reduce((sum, text) => sum - model.logProbability(text), 0);
  return nats / characters / Math.LN2;
}
