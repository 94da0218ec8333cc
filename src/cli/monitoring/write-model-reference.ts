import { requireWritable } from '../../files/explain-write.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { Random } from '../../random/random.ts';
import { Recognizer } from '../../reading/recognizer.ts';
import { fitErrorModel } from '../../server/monitoring/fit-error-model.ts';
import { makeReference } from '../../server/monitoring/make-reference.ts';
import { formatReference } from '../../server/monitoring/reference.ts';
import { calibrationPictures } from './calibration-pictures.ts';
import { type KnownPictures, openKnownPictures } from './known-pictures.ts';
import { measureTraffic, type Picture } from './measure-traffic.ts';

/** So many of each set are changed, or are read for the errors alone; reading takes the time. */
const FITTED_EACH = { line: 80, character: 800 } as const;
/** Changed ones of each. */
const COPIES = 2;

export interface ModelReferenceOptions {
  /**
   * Names of lines, or of data sets for a model of characters; `SET@0.05` takes the pages that a training with this validationShare and
   * seed keeps aside.
   */
  readonly data: readonly string[];
  /** Of further sets, which the expected errors are fitted to as well; lines composed of bundled samples always are. */
  readonly errorsData?: readonly string[];
  readonly dataRoot: string;
  /** Of the split and of all chances. */
  readonly seed: number;
  /** The file that is written. */
  readonly output: string;
}

/**
 * Makes the reference of a model, a bundled one or a folder, from pictures whose texts are known; returns how many requests and signals
 * it has. Throws INVALID_ARGUMENT for fewer than 100 pictures, and FILE_NOT_WRITABLE.
 */
export async function writeModelReference(
  model: string,
  { data, errorsData = [], output, dataRoot, seed }: ModelReferenceOptions,
): Promise<{ readonly requests: number; readonly signals: number }> {
  await requireWritable(output);
  const recognizer = await Recognizer.load({ models: [model] });
  try {
    const [{ manifest }] = await recognizer.readers();
    const most = FITTED_EACH[manifest.kind];
    const options = { kind: manifest.kind, dataRoot, seed };
    const sets = await openKnownPictures(data, options);
    const others = await openKnownPictures(errorsData, { ...options, most, withComposed: true });
    const pictures = sets.flatMap(({ pictures }) => pictures);
    const own = sets.flatMap(({ pictures }) => shuffled(pictures, seed).slice(0, most));
    const further = others.flatMap(({ pictures }) => pictures);
    console.error(`reading ${pictures.length + further.length + COPIES * (own.length + further.length)} pictures`);
    const ordinary = await measureTraffic(recognizer, pictures);
    const changed = calibrationPictures([...own, ...further], { copies: COPIES, seed });
    const fitted = [
      ...ordinary,
      ...(await measureTraffic(recognizer, further)),
      ...(await measureTraffic(recognizer, changed)),
    ];
    const licence = [...new Set([...sets, ...others].flatMap((set) => set.licence ?? []))].join('; ');
    const reference = makeReference(
      ordinary.map(({ measurement }) => measurement),
      {
        modelSha256: manifest.file.sha256,
        description: `validation data: ${describe(sets)}`,
        ...(licence !== '' && { licence }),
        errors: fitErrorModel(fitted),
        errorsDescription: describeErrors(others, most, fitted.length - ordinary.length - further.length),
        // Pictures of data sets were not photographed as those of a service are.
        groups: ['writing', 'reading'],
        // Which characters a service is sent is its own affair; a data set has as many of each.
        ...(manifest.kind === 'character' && { without: ['characters', 'embedding'] }),
        seed,
      },
    );
    await writeFileAtomic(output, await formatReference(reference));
    return { requests: reference.source.requests, signals: Object.keys(reference.tails).length };
  } finally {
    await recognizer.close();
  }
}

function shuffled(pictures: readonly Picture[], seed: number): readonly Picture[] {
  return Random.of(seed, pictures.length).shuffle([...pictures]);
}

function describe(sets: readonly KnownPictures[]): string {
  return sets.map(({ name, pictures, unit }) => `${pictures.length} ${unit} of ${name}`).join(', ');
}

function describeErrors(others: readonly KnownPictures[], most: number, changed: number): string {
  const names = others.length === 0 ? '' : `up to ${most} of each of ${others.map(({ name }) => name).join(', ')}, `;
  return `these, ${names}and ${changed} copies that were blurred, turned, smeared, faded, cropped and changed otherwise`;
}
