import { join } from 'node:path';
import { Command, Option } from 'commander';
import { photographLine } from '../../monitoring/photograph-line.ts';
import { measureTraffic, type Picture } from '../../monitoring/measure-traffic.ts';
import { splitPages } from '../../../datasets/lines/split-pages.ts';
import type { LineDataset } from '../../../datasets/lines/line-dataset.ts';
import { openLines } from '../../../datasets/lines/line-registry.ts';
import { requireWritable } from '../../../files/explain-write.ts';
import { writeFileAtomic } from '../../../files/write-file-atomic.ts';
import { TextRecognizerError } from '../../../errors.ts';
import { findModel } from '../../../models/model-store.ts';
import { Random } from '../../../random/random.ts';
import { Recognizer } from '../../../reading/recognizer.ts';
import { fitErrorModel } from '../../../server/monitoring/fit-error-model.ts';
import { makeReference } from '../../../server/monitoring/make-reference.ts';
import { REFERENCE_FILE } from '../../../server/monitoring/read-reference.ts';
import { formatReference } from '../../../server/monitoring/reference.ts';
import { collect, dataRootOption, wholeNumber } from '../../options.ts';

interface ReferenceFlags {
  readonly data: readonly string[];
  readonly output?: string;
  readonly dataRoot: string;
  readonly seed: number;
}

/** `monitor reference MODEL --data SET`: what a model's requests are compared with, from its validation data. */
export function referenceCommand(): Command {
  return new Command('reference')
    .description(
      'make the reference that requests for a model of lines are compared with, from lines whose texts are known',
    )
    .argument('<model>', 'a bundled model or a folder with a model.json')
    .requiredOption(
      '--data <lines>',
      'validation data; SET@0.05 takes the pages that a training with this validationShare and seed keeps aside; may be repeated',
      collect,
    )
    .option('--output <file>', 'the file that is written (default: monitoring.json beside the model)')
    .addOption(dataRootOption())
    .addOption(new Option('--seed <number>', 'of the split and of all chances').argParser(wholeNumber(0)).default(45))
    .action(runReference);
}

async function runReference(model: string, flags: ReferenceFlags): Promise<void> {
  const output = flags.output ?? join(await findModel(model), REFERENCE_FILE);
  await requireWritable(output);
  const sets = await Promise.all(flags.data.map(async (name) => await openSet(name, flags)));
  const recognizer = await Recognizer.load({ models: [model] });
  try {
    const [{ manifest }] = await recognizer.readers();
    if (manifest.kind !== 'line') {
      throw new TextRecognizerError('INVALID_ARGUMENT', `'${manifest.name}' reads characters; give a model of lines.`);
    }
    const pictures = sets.flatMap((set) => photographs(set, flags.seed));
    console.error(`reading ${pictures.length} lines`);
    const ordinary = await measureTraffic(recognizer, pictures);
    const data = makeReference(
      ordinary.map(({ measurement }) => measurement),
      {
        modelSha256: manifest.file.sha256,
        description: `validation data: ${sets.map(({ name, length }) => `${length} lines of ${name}`).join(', ')}`,
        licence: [...new Set(sets.flatMap(({ licence }) => licence ?? []))].join('; '),
        errors: fitErrorModel(ordinary),
        // Lines of data sets were not photographed as those of a service are.
        groups: ['writing', 'reading'],
        seed: flags.seed,
      },
    );
    await writeFileAtomic(output, await formatReference(data));
    console.log(`${output}: ${data.source.requests} requests, ${Object.keys(data.tails).length} signals`);
  } finally {
    await recognizer.close();
  }
}

async function openSet(name: string, { dataRoot, seed }: ReferenceFlags): Promise<LineDataset> {
  const [, set, share] = /^(.*?)(?:@(0?\.\d+))?$/.exec(name)!;
  const lines = await openLines(set, { root: dataRoot });
  return share === undefined ? lines : splitPages(lines, Number(share), seed).aside;
}

function photographs(set: LineDataset, seed: number): Picture[] {
  return set.lines.map(({ text }, i) => ({ image: photographLine(set.image(i), Random.of(seed, i)), text }));
}
