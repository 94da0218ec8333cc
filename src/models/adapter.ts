import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';
import { encodeSafetensors, readSafetensors } from '../files/safetensors.ts';
import { sha256 } from '../files/sha256.ts';
import { fromHalf, toHalf } from '../graph/compact-weights.ts';
import { type WeightDifferences, sumOfDifferences } from '../networks/weight-differences.ts';
import { weightsLicence } from './weights-licence.ts';

/** Most bytes of an adapter's file: it is to be sent by mail and kept by the hundred. */
export const maxAdapterBytes = 1_000_000;

const count = z.int().nonnegative();

/** Characters that a model reads wrong without and with the adapter. */
const comparison = z.strictObject({ lines: count, characters: count, before: count, after: count });

const aboutSchema = z.strictObject({
  format: z.literal(1),
  /** As a model: readings name it. */
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/u, 'lower-case letters, digits, dots and dashes'),
  /** The model that it changes, by the sha256 of its weights. */
  base: z.strictObject({ name: z.string(), sha256 }),
  licence: z.string(),
  /** What it has learned from; the sum of several adapters names all. */
  data: z.array(z.strictObject({ name: z.string(), lines: z.int().positive(), licence: z.string() })).min(1),
  recipe: z.record(z.string(), z.json()),
  date: z.string(),
  /** On lines of the same hand that were held out; absent for a sum, which nobody measured. */
  heldOut: comparison.optional(),
  /**
   * Where no texts were given: characters of held-out lines that the network would read otherwise without the language model, which is
   * how little it knows of the hand.
   */
  doubts: comparison.optional(),
  /** On lines of others, by data set. */
  others: z.record(z.string(), comparison),
});

/** What an adapter says about itself. */
export type AdapterAbout = z.infer<typeof aboutSchema>;
export type AdapterComparison = z.infer<typeof comparison>;

/** What a line model has learned of one hand: small differences to its weights. */
export interface Adapter {
  readonly about: AdapterAbout;
  readonly differences: WeightDifferences;
}

/** The key under which a safetensors file says that it is an adapter. */
const KEY = 'text-recognizer-adapter';

/** Throws INVALID_ARGUMENT for a name that an adapter cannot have. */
export function checkAdapterName(name: string): void {
  if (aboutSchema.shape.name.safeParse(name).success) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `An adapter cannot be called '${name}': give it a name of lower-case letters, digits, dots and dashes.`,
  );
}

/** The adapter as a safetensors file, in half precision; throws INVALID_ARGUMENT where it is larger than an adapter may be. */
export function encodeAdapter({ about, differences }: Adapter): Buffer {
  const tensors = new Map([...differences].map(([name, vector]) => [name, toHalf(vector)]));
  const bytes = encodeSafetensors(tensors, { [KEY]: JSON.stringify(about) });
  if (bytes.length <= maxAdapterBytes) return bytes;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `The adapter '${about.name}' takes ${bytes.length} bytes, more than ${maxAdapterBytes}; combine fewer, or learn with a lower rank.`,
  );
}

/** Differences as a file keeps them: what is measured is what is stored. */
export function roundedToHalf(differences: WeightDifferences): Map<string, Float32Array> {
  return new Map([...differences].map(([name, vector]) => [name, fromHalf(toHalf(vector))]));
}

/** Reads what `encodeAdapter` wrote; throws FILE_CORRUPT or CHECKSUM_MISMATCH naming `source`. */
export function decodeAdapter(bytes: Uint8Array, source: string): Adapter {
  const file = readSafetensors(bytes, source);
  const about = aboutSchema.safeParse(parseJson(file.about[KEY]));
  if (!about.success || !file.checked || file.tensors.size === 0) {
    const lacks = file.checked ? 'it changes nothing' : 'it has no checksum';
    const problem = about.success ? lacks : z.prettifyError(about.error);
    throw new TextRecognizerError(
      'FILE_CORRUPT',
      `${source} is not an adapter: ${problem}. Give a file that \`text-recognizer adapt\` wrote.`,
    );
  }
  const differences = [...file.tensors].map(([name, vector]) => [name, asFloats(vector)] as const);
  return { about: about.data, differences: new Map(differences) };
}

/** What says which model it is. */
interface Base {
  readonly name: string;
  readonly file: { readonly sha256: string };
}

/** Whether the adapter was learned for just these weights. */
export const belongsTo = ({ about }: Adapter, { file }: Pick<Base, 'file'>): boolean =>
  about.base.sha256 === file.sha256;

/** The error for an adapter and a model that do not belong together. */
export function wrongBase({ about: { name, base } }: Adapter, other: Base): TextRecognizerError {
  return new TextRecognizerError(
    'INVALID_ARGUMENT',
    `The adapter '${name}' belongs to the model '${base.name}' with the weights ${base.sha256.slice(0, 12)}…, ` +
      `not to '${other.name}' with ${other.file.sha256.slice(0, 12)}…. Use that model, or adapt this one again.`,
  );
}

/** The weighted sum of adapters of one model; throws INVALID_ARGUMENT where they are of several. */
export function combineAdapters(
  name: string,
  parts: readonly { readonly adapter: Adapter; readonly weight: number }[],
): Adapter {
  checkAdapterName(name);
  const abouts = parts.map(({ adapter }) => adapter.about);
  const [{ base }] = abouts;
  for (const { adapter } of parts) {
    if (!belongsTo(adapter, { file: base })) throw wrongBase(adapter, { name: base.name, file: base });
  }
  return {
    about: {
      format: 1,
      name,
      base,
      licence: weightsLicence(abouts.map(({ licence }) => licence)),
      data: abouts.flatMap(({ data }) => data),
      recipe: { sum: parts.map(({ adapter, weight }) => ({ name: adapter.about.name, weight })) },
      date: new Date().toISOString().slice(0, 10),
      others: {},
    },
    differences: sumOfDifferences(parts.map(({ adapter, weight }) => ({ differences: adapter.differences, weight }))),
  };
}

function asFloats(vector: Float32Array | Uint16Array): Float32Array {
  return vector instanceof Float32Array ? vector : fromHalf(vector);
}

/** Undefined for what is not JSON, as for what is not there. */
function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
