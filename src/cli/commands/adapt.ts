import { Command } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { requireWritable } from '../../files/explain-write.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { encodeAdapter } from '../../models/adapter.ts';
import { bundledLanguageModel } from '../../models/bundled-language-model.ts';
import { defaultDecoder } from '../../models/default-decoder.ts';
import { readModel, type StoredModel } from '../../models/model-store.ts';
import { adaptLineModel } from '../../tasks/line/adapt/adapt-line-model.ts';
import { bundledOthers } from '../../tasks/line/adapt/bundled-lines.ts';
import { openOwnLines, openUnlabelledLines } from '../../tasks/line/adapt/open-own-lines.ts';
import { readLanguageModel } from '../../text/language-model/read-language-model.ts';
import { installInterrupt } from '../../training/interrupt.ts';
import { adapterName, describeAdapter } from '../describe-adapter.ts';
import { collect, dataRootOption, languageModelOption, skipBadOption, threadsOption, wholeNumber } from '../options.ts';

interface CommandOptions {
  readonly data?: string;
  readonly unlabelled?: string;
  readonly output: string;
  readonly name?: string;
  readonly others?: readonly string[];
  readonly practice?: string;
  readonly mostHarm: number;
  readonly licence?: string;
  readonly seed: number;
  readonly languageModel?: string;
  readonly skipBad?: boolean;
  readonly dataRoot: string;
  readonly threads?: number;
}

/** Where nobody watches how real hands fare, half of what was learned is taken: it costs them about two points (docs/lab/adapt.md). */
const unwatchedShare = 0.5;

/** `adapt MODEL --data LINES --output FILE`: learns a hand. */
export function adaptCommand(): Command {
  return new Command('adapt')
    .description('adapt a line model to one hand with a few of its lines; the result is a small file')
    .argument('<model>', 'a bundled model of lines or a folder with a model.json')
    .option(
      '--data <lines>',
      'lines of one hand, 16 to 256: a line pack, or a folder of pictures of lines with NAME.gt.txt, or of pages with PAGE XML or ALTO',
    )
    .option(
      '--unlabelled <lines>',
      'lines of the hand without texts, as a folder of pictures or a pack; the model learns from its own confident readings',
    )
    .requiredOption('--output <file>', 'where to write the adapter, NAME.safetensors')
    .option('--name <name>', 'the name of the adapted model (default: the name of the file)')
    .option(
      '--others <lines>',
      'lines of other hands, on which errors must not rise; may be given several times (default: lines of characters from EMNIST)',
      collect,
    )
    .option(
      '--practice <lines>',
      'lines of other hands to train on as well, different from --others (default: lines of characters from EMNIST)',
    )
    .option(
      '--most-harm <points>',
      'how far the error rate on --others may rise, in percentage points',
      wholeNumber(0, 100),
      2,
    )
    .option('--licence <text>', 'the licence of the lines in a folder')
    .option('--seed <number>', 'seed of the split and of the training', wholeNumber(0), 42)
    .addOption(languageModelOption())
    .addOption(skipBadOption())
    .addOption(dataRootOption())
    .addOption(threadsOption())
    .action(runAdapt);
}

async function runAdapt(model: string, options: CommandOptions): Promise<void> {
  const { output, dataRoot, licence, skipBad, seed, threads } = options;
  await requireWritable(output);
  const stored = await readModel(model);
  const onNotice = (message: string): void => console.error(message);
  const opening = { dataRoot, licence, skipBad, onNotice };
  const open = (what: string) => openOwnLines(what, opening);
  const { data, unlabelled } = options;
  if (data === undefined && unlabelled === undefined) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      'Say with --data or --unlabelled which lines are to be learned from.',
    );
  }
  const lines = data === undefined ? undefined : await open(data);
  const others = options.others ? await Promise.all(options.others.map(open)) : [await bundledOthers()];
  const abort = new AbortController();
  const uninstall = installInterrupt(() => abort.abort(), 'Stopping after this step.');
  try {
    const adapter = await adaptLineModel(stored, lines, {
      name: options.name ?? adapterName(output),
      others,
      unlabelled: unlabelled === undefined ? undefined : await openUnlabelledLines(unlabelled, opening),
      practice: options.practice === undefined ? undefined : await open(options.practice),
      mostHarm: options.mostHarm / 100,
      mostShare: options.others ? 1 : unwatchedShare,
      languageModel: await languageModelOf(stored, options),
      seed,
      threads,
      signal: abort.signal,
      onStep: showStep,
      onNotice,
    });
    abort.signal.throwIfAborted();
    const bytes = encodeAdapter(adapter);
    await writeFileAtomic(output, bytes);
    console.log(describeAdapter(adapter));
    console.log(`${output}: ${bytes.length} bytes. Read with it: recognize FILE --adapter ${output}`);
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    console.error('Stopped; nothing was written.');
    process.exitCode = 130;
  } finally {
    uninstall();
  }
}

async function languageModelOf({ manifest }: StoredModel, { languageModel }: CommandOptions) {
  if (manifest.kind !== 'line' || defaultDecoder(manifest) !== 'lm') return undefined;
  return await readLanguageModel(languageModel ?? bundledLanguageModel);
}

function showStep(step: number, steps: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\rstep ${step} of ${steps}${step === steps ? '\n' : ''}`);
}
