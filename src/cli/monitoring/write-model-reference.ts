import { TextRecognizerError } from '../../errors.ts';
import type { LineDataset } from '../../datasets/lines/line-dataset.ts';
import { openLines } from '../../datasets/lines/line-registry.ts';
import { splitPages } from '../../datasets/lines/split-pages.ts';
import { requireWritable } from '../../files/explain-write.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { Random } from '../../random/random.ts';
import { Recognizer } from '../../reading/recognizer.ts';
import { fitErrorModel } from '../../server/monitoring/fit-error-model.ts';
import { makeReference } from '../../server/monitoring/make-reference.ts';
import { formatReference } from '../../server/monitoring/reference.ts';
import { calibrationPictures } from './calibration-pictures.ts';
import { measureTraffic, type Picture } from './measure-traffic.ts';
import { photographLine } from './photograph-line.ts';

/** Of each line; reading takes the time. */
const COPIES = 2;

export interface ModelReferenceOptions {
  /** Names of lines; `SET@0.05` takes the pages that a training with this validationShare and seed keeps aside. */
  readonly data: readonly string[];
  readonly dataRoot: string;
  /** Of the split and of all chances. */
  readonly seed: number;
  /** The file that is written. */
  readonly output: string;
}

/**
 * Makes the reference of a model of lines, a bundled one or a folder, from lines whose texts are known; returns how many requests and
 * signals it has. Throws INVALID_ARGUMENT for a model of characters or for fewer than 100 lines, and FILE_NOT_WRITABLE.
 */
export async function writeModelReference(
  model: string,
  { data, output, ...options }: ModelReferenceOptions,
): Promise<{ readonly requests: number; readonly signals: number }> {
  await requireWritable(output);
  const sets = await Promise.all(data.map(async (name) => await openSet(name, options)));
  const recognizer = await Recognizer.load({ models: [model] });
  try {
    const [{ manifest }] = await recognizer.readers();
    if (manifest.kind !== 'line') {
      throw new TextRecognizerError('INVALID_ARGUMENT', `'${manifest.name}' reads characters; give a model of lines.`);
    }
    const pictures = sets.flatMap((set) => photographs(set, options.seed));
    console.error(`reading ${pictures.length} lines, and ${COPIES} changed copies of each`);
    const ordinary = await measureTraffic(recognizer, pictures);
    const changed = await measureTraffic(
      recognizer,
      calibrationPictures(pictures, { copies: COPIES, seed: options.seed }),
    );
    const reference = makeReference(
      ordinary.map(({ measurement }) => measurement),
      {
        modelSha256: manifest.file.sha256,
        description: `validation data: ${sets.map(({ name, length }) => `${length} lines of ${name}`).join(', ')}`,
        licence: [...new Set(sets.flatMap(({ licence }) => licence ?? []))].join('; '),
        errors: fitErrorModel([...ordinary, ...changed]),
        errorsDescription: `these lines, and ${changed.length} copies that were blurred, turned, smeared, faded, cropped and changed otherwise`,
        // Lines of data sets were not photographed as those of a service are.
        groups: ['writing', 'reading'],
        seed: options.seed,
      },
    );
    await writeFileAtomic(output, await formatReference(reference));
    return { requests: reference.source.requests, signals: Object.keys(reference.tails).length };
  } finally {
    await recognizer.close();
  }
}

type SetOptions = Pick<ModelReferenceOptions, 'dataRoot' | 'seed'>;

async function openSet(name: string, { dataRoot, seed }: SetOptions): Promise<LineDataset> {
  const [, set, share] = /^(.*?)(?:@(0?\.\d+))?$/.exec(name)!;
  const lines = await openLines(set, { root: dataRoot });
  return share === undefined ? lines : splitPages(lines, Number(share), seed).aside;
}

function photographs(set: LineDataset, seed: number): Picture[] {
  const population = set.name;
  return set.lines.map(({ text }, i) => {
    return { image: photographLine(set.image(i), Random.of(seed, i)), text, population };
  });
}
