import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closest } from 'fastest-levenshtein';
import { TextRecognizerError } from '../../errors.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { lineStem } from '../../images/line-stem.ts';
import type { BadFileOptions } from '../sources/bad-files.ts';
import { PACKAGE_DATA, readDatasetMetadata } from '../dataset-metadata.ts';
import { preparedSet } from '../prepare/prepared-sets.ts';
import type { Dataset } from '../dataset.ts';
import { openDataset } from '../registry.ts';
import { readSentences } from '../sources/sentences.ts';
import { cutTexts } from '../synthesis/cut-texts.ts';
import { emnistLineCounts, emnistLineEditions, emnistLines, emnistLineTexts } from '../synthesis/emnist-lines.ts';
import { fieldTexts } from '../synthesis/field-texts.ts';
import { readIamLines } from '../sources/iam-lines.ts';
import { readIamOndb } from '../sources/iam-ondb.ts';
import type { IamPart, IamSplit } from '../sources/iam-splits.ts';
import type { LineDataset } from './line-dataset.ts';
import { isStrokePack, readLinePack } from '../sources/line-pack.ts';
import { strokeLines } from '../synthesis/stroke-lines.ts';
import { lineAlphabet } from '../../text/line-alphabet.ts';
import { splitDataset } from '../split.ts';
import { sentenceKey } from './without-overlap.ts';
import { readStrokePack } from '../sources/stroke-pack.ts';

/** Where lines are opened from. */
export interface OpenLinesOptions extends BadFileOptions {
  /** The folder of data sets: IAM is looked for in `ROOT/raw/iam-lines`, IAM-OnDB in `ROOT/raw/iam-ondb`. */
  readonly root: string;
  /**
   * Characters for `emnist-lines`: a name or prefix that `openDataset` knows. Default `emnist-byclass-train` or `-test`. Lines for
   * training and for validation are set from different ones of them.
   */
  readonly characters?: string;
  /** Turns a scanned line, dark ink on paper, into the network's input. Default the line stem, 64 pixels high. */
  readonly stem?: (scan: GrayImage) => GrayImage;
  /** How many lines `font-lines` has; default 100,000 for training, 1,000 for the other parts. */
  readonly fontLines?: number;
}

const PARTS = ['train', 'val', 'test'] as const;

/** Share of the training's characters that lines for validation are set from. */
const validationGlyphs = 0.05;

/** Lines of `emnist-sample-lines-val` and `-test`. */
const sampleTests = 200;

type Part = IamPart;
type Opener = (part: Part, options: OpenLinesOptions) => Promise<LineDataset>;

/** How many fields there are in the training part and in each of the others. */
const fieldCounts = {
  emnist: { train: 20_000, other: 500 },
  fonts: { train: 50_000, other: 500 },
} as const;

/** Rules and show-through of lines in fonts. */
const fontPaper = { ruled: 0.2, showThrough: 0.08 } as const;

/** What is before the part in a name. */
const families: Readonly<Record<string, { readonly parts: readonly Part[]; readonly open: Opener }>> = {
  'emnist-lines': { parts: PARTS, open: (part, options) => openEmnistLines('2018', part, options) },
  'emnist-sample-lines': { parts: PARTS, open: openSampleLines },
  'emnist-lines-2021': { parts: PARTS, open: (part, options) => openEmnistLines('2021', part, options) },
  'emnist-lines-64': { parts: PARTS, open: (part, options) => openEmnistLines('64', part, options) },
  'emnist-fields-64': { parts: PARTS, open: openEmnistFields },
  'font-fields': { parts: PARTS, open: openFontFields },
  'font-lines': { parts: PARTS, open: openFontLineTexts },
  'iam-aachen': { parts: ['train', 'val', 'test'], open: (part, options) => openIam('aachen', part, options) },
  'iam-lwitlrt': { parts: ['train', 'val', 'test'], open: (part, options) => openIam('lwitlrt', part, options) },
};

/** The names that `openLines` knows, besides prefixes of packs. */
const LINE_NAMES: readonly string[] = [
  ...Object.entries(families).flatMap(([family, { parts }]) => parts.map((part) => `${family}-${part}`)),
  'iam-ondb',
];

/**
 * Opens lines by name (`emnist-lines-train`, `font-lines-train`, `iam-aachen-test`, `iam-ondb`, …) or by the prefix of a pack of lines
 * or pen paths (`PREFIX.bin.gz` and `PREFIX.json.gz`: `hooker-train`, `copiste-test`, …). Throws `DATASET_NOT_FOUND` with what would
 * help, or what reading the files throws.
 */
export async function openLines(nameOrPrefix: string, options: OpenLinesOptions): Promise<LineDataset> {
  if (nameOrPrefix === 'iam-ondb') {
    const { lines } = await readIamOndb(join(options.root, 'raw', 'iam-ondb'), options);
    return strokeLines(nameOrPrefix, lines);
  }
  for (const [family, { parts, open }] of Object.entries(families)) {
    const part = parts.find((part) => nameOrPrefix === `${family}-${part}`);
    if (part !== undefined) return open(part, options);
  }
  if (!existsSync(`${nameOrPrefix}.json.gz`)) throw notFound(nameOrPrefix);
  return openPack(nameOrPrefix);
}

async function openPack(prefix: string): Promise<LineDataset> {
  if (!(await isStrokePack(prefix))) return (await readLinePack(prefix)).dataset;
  const { lines, licence } = await readStrokePack(prefix);
  return { ...strokeLines(prefix.replace(/^.*[/\\]/, ''), lines), licence };
}

async function openEmnistLines(
  edition: keyof typeof emnistLineEditions,
  part: Part,
  { root, characters: source = `emnist-byclass-${part === 'test' ? 'test' : 'train'}` }: OpenLinesOptions,
): Promise<LineDataset> {
  const characters = charactersOf(part, await openDataset(source, { root }));
  return await setEmnistLines(`emnist-lines-${edition}-${part}`, part, characters, edition, emnistLineCounts.test);
}

/** Lines of the course set from the bundled characters, for any clone. */
async function openSampleLines(part: Part, { root }: OpenLinesOptions): Promise<LineDataset> {
  const all = await openDataset(part === 'test' ? 'emnist-sample-test' : 'emnist-sample-train', { root });
  return await setEmnistLines(`emnist-sample-lines-${part}`, part, charactersOf(part, all), '2018', sampleTests);
}

/** `tests` is the number of lines of the parts that are not trained on. */
async function setEmnistLines(
  name: string,
  part: Part,
  characters: Dataset,
  edition: keyof typeof emnistLineEditions,
  tests: number,
): Promise<LineDataset> {
  const options = emnistLineEditions[edition];
  const texts = await textsOf(part, async (part, avoid) => {
    const count = part === 'train' ? emnistLineCounts.train : tests;
    return emnistLineTexts(await sentences('en', part), characters, { maxLength: options.maxLength, count, avoid });
  });
  return emnistLines({ name, characters, texts, options });
}

/** Fields of forms, set from characters; what has no glyph (punctuation) is left out. */
async function openEmnistFields(
  part: Part,
  { root, characters: source = `emnist-byclass-${part === 'test' ? 'test' : 'train'}` }: OpenLinesOptions,
): Promise<LineDataset> {
  const characters = charactersOf(part, await openDataset(source, { root }));
  const texts = (await fieldTextsOf(part, fieldCounts.emnist)).filter((text) => /[0-9A-Za-z]/.test(text));
  const name = `emnist-fields-64-${part}`;
  return emnistLines({ name, characters, texts, options: emnistLineEditions['64'] });
}

async function openFontFields(part: Part): Promise<LineDataset> {
  const { fontLines } = await import('../synthesis/font-lines.ts');
  const { handwritingFonts } = await import('../synthesis/handwriting-fonts.ts');
  const texts = await fieldTextsOf(part, fieldCounts.fonts);
  return fontLines(`font-fields-${part}`, handwritingFonts(), texts, { paper: fontPaper });
}

/** The words are those of the part's own sentences, the numbers those of its own seed. */
async function fieldTextsOf(part: Part, counts: Readonly<Record<'train' | 'other', number>>): Promise<string[]> {
  const all = [...(await sentences('en', part)), ...(await sentences('fr', part))];
  const words = [...new Set(all.flatMap((sentence) => sentence.split(/[^\p{L}]+/u)))].filter(
    (word) => word.length > 2 && word.length < 13 && lineAlphabet.covers(word.toUpperCase() + word),
  );
  return fieldTexts({ count: part === 'train' ? counts.train : counts.other, seed: 1 + PARTS.indexOf(part), words });
}

/** Lines for validation have glyphs of their own: a share of the training's characters. */
function charactersOf(part: Part, all: Dataset): Dataset {
  if (part === 'test') return all;
  const { train, validation } = splitDataset(all, validationGlyphs, emnistLineCounts.seed);
  return part === 'train' ? train : validation;
}

async function openFontLineTexts(part: Part, options: OpenLinesOptions): Promise<LineDataset> {
  const { fontLines } = await import('../synthesis/font-lines.ts');
  const { handwritingFonts } = await import('../synthesis/handwriting-fonts.ts');
  const texts = await textsOf(part, async (part, avoid) => {
    const { fontLines: count = part === 'train' ? 100_000 : 1_000 } = options;
    const all = [...(await sentences('en', part)), ...(await sentences('fr', part))];
    return cutTexts(all, { count, minLength: 4, maxLength: 80, avoid });
  });
  return fontLines(`font-lines-${part}`, handwritingFonts(), texts, { paper: fontPaper });
}

function openIam(split: IamSplit, part: Part, options: OpenLinesOptions): Promise<LineDataset> {
  const { root, stem = lineStem } = options;
  return readIamLines(join(root, 'raw', 'iam-lines'), { ...options, split, part, stem });
}

/** Texts of a part without those of the parts before it: phrases recur in different sentences. */
async function textsOf(
  part: Part,
  cut: (part: Part, avoid: ReadonlySet<string>) => Promise<string[]>,
): Promise<string[]> {
  const avoid = new Set<string>();
  for (const earlier of PARTS.slice(0, PARTS.indexOf(part))) {
    for (const text of await cut(earlier, new Set())) avoid.add(sentenceKey(text) ?? '');
  }
  return cut(part, avoid);
}

/** Sentences of one part; lists of different parts share no sentence. */
function sentences(language: 'en' | 'fr', part: Part): Promise<string[]> {
  return readSentences(join(fileURLToPath(PACKAGE_DATA), 'sentences', `${language}-${part}.txt.gz`));
}

function notFound(name: string): TextRecognizerError {
  const set = preparedSet(basename(name));
  if (set !== undefined) {
    const { access = '' } = readDatasetMetadata(set.source);
    return new TextRecognizerError(
      'DATASET_NOT_FOUND',
      `The lines ${name} are not there yet. \`text-recognizer prepare ${basename(name)}\` makes them of ${set.source}. ${access}`,
    );
  }
  const problem = /[\\/]/.test(name)
    ? `There is no pack ${name}.json.gz with ${name}.bin.gz.`
    : `There are no lines ${name}; did you mean ${closest(name, LINE_NAMES)}?`;
  const known = `The names are ${LINE_NAMES.join(', ')}; others are prefixes of packs.`;
  return new TextRecognizerError('DATASET_NOT_FOUND', `${problem} ${known}`);
}
