import { Command } from 'commander';
import { readSentences } from '../../datasets/sources/sentences.ts';
import { requireWritable } from '../../files/explain-write.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import type { LanguageModel } from '../../text/language-model/language-model.ts';
import { decodeLanguageModel, encodeLanguageModel } from '../../text/language-model/language-model-file.ts';
import { trainLanguageModel } from '../../text/language-model/train-language-model.ts';
import { lineAlphabet } from '../../text/line-alphabet.ts';
import { normalizeText } from '../../text/normalize-text.ts';
import { collect, wholeNumber } from '../options.ts';

interface TrainLanguageModelOptions {
  readonly output: string;
  readonly order: number;
  readonly bytes: number;
  readonly about: string;
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
    .option('--about <text>', 'source and licence of the text, stored in the file', '')
    .option('--test <file>', 'report bits per character on this text; may be given several times', collect)
    .action(runTrainLanguageModel);
}

async function runTrainLanguageModel(files: readonly string[], options: TrainLanguageModelOptions): Promise<void> {
  await requireWritable(options.output);
  const texts = await Promise.all(files.map(readSentences));
  const sentences = texts.flat().map((sentence) => normalizeText(sentence));
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
