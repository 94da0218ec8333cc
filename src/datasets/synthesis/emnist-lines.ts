import { TextRecognizerError } from '../../errors.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { Random } from '../../random/random.ts';
import { checkIndex } from '../check-read.ts';
import type { Dataset } from '../dataset.ts';
import { type LineTilt, tiltLine } from './tilt-line.ts';
import { cutTexts, type CutTextsOptions } from './cut-texts.ts';
import type { LineDataset, LineInfo } from '../lines/line-dataset.ts';

/** How lines are set from single characters. */
export interface EmnistLineOptions {
  /** Most characters of a line. */
  readonly maxLength: number;
  /** Height in pixels; characters are in the middle. */
  readonly height: number;
  /** Width in pixels that every line is padded to at its right; without it a line is as wide as its characters. */
  readonly width?: number;
  /** Neighbouring characters overlap by a fraction of their width drawn once per line from this range. */
  readonly overlap: readonly [number, number];
  /** Ranges from which each line draws its brightness, scale, and degrees of rotation and shear; without them it stays as set. */
  readonly tilt?: { readonly [part in keyof LineTilt]: readonly [number, number] };
}

/** The parameters of the course's editions, and of lines for the line recognizers. */
export const emnistLineEditions = {
  '2018': { maxLength: 34, height: 28, width: 952, overlap: [0, 0.33] },
  '2021': {
    maxLength: 43,
    height: 56,
    width: 1024,
    overlap: [0.2, 0.5],
    tilt: { brightness: [0.5, 1], scale: [0.4, 1.1], rotation: [-3, 3], shear: [-40, 50] },
  },
  /** As high as the lines of the line recognizers, and as wide as each text needs. */
  '64': {
    maxLength: 60,
    height: 64,
    overlap: [0.15, 0.45],
    tilt: { brightness: [0.7, 1], scale: [1.1, 1.8], rotation: [-1, 1], shear: [-20, 30] },
  },
} as const satisfies Record<string, EmnistLineOptions>;

/** Lines per split and seed of both editions. */
export const emnistLineCounts = { train: 10_000, test: 1_000, seed: 42 } as const;

/** What `emnistLines` sets lines from. */
export interface EmnistLineParts {
  readonly name: string;
  /** Single characters, white on black; those of the same split only, so that no glyph is seen in training and test. */
  readonly characters: Dataset;
  /** One line each. What `characters` has no class for (punctuation) is left out, spaces are gaps one character wide. */
  readonly texts: readonly string[];
  readonly options: EmnistLineOptions;
}

/**
 * Lines set on demand from single characters: every character of every line draws a glyph of its own, and where glyphs
 * overlap the brighter pixel stays. Throws `INVALID_ARGUMENT` for a text that has no known character, is too long, or too wide.
 */
export function emnistLines({ name, characters, texts, options }: EmnistLineParts): LineDataset {
  checkOptions(name, characters, options);
  const glyphs = indexByClass(characters);
  const lines = texts.map((text, index) => toInfo(name, text, index, glyphs, options.maxLength));
  const source = { kind: 'emnist-lines', name, characters: characters.source, texts, options } as const;

  function image(index: number, random = Random.of(0, index)): GrayImage {
    checkIndex({ name, length: lines.length }, index);
    const set = setLine(lines[index].text, characters, glyphs, random.between(...options.overlap), random);
    return fitLine(tiltAtRandom(set, options, random), options);
  }

  function width(index: number): number {
    return options.width ?? expectedWidth(lines[index].text.length, characters.width, options);
  }

  return { name, length: lines.length, height: options.height, lines, width, image, source };
}

/** Texts of an edition, cut from sentences and freed of what has no glyph; the two splits must be given disjoint sentences. */
export function emnistLineTexts(
  sentences: readonly string[],
  characters: Dataset,
  { seed = emnistLineCounts.seed, ...options }: CutTextsOptions,
): string[] {
  const known = new Set(characters.classes);
  const spelled = sentences.map((sentence) => keepKnown(sentence, known)).filter((sentence) => sentence !== '');
  return cutTexts(spelled, { seed, ...options });
}

/** `text` without the characters outside `known`, one space between words. */
function keepKnown(text: string, known: ReadonlySet<string> | ReadonlyMap<string, unknown>): string {
  const kept = [...text.normalize('NFC')].map((character) =>
    known.has(character) || character === ' ' ? character : '',
  );
  return kept.join('').replace(/ +/g, ' ').trim();
}

function toInfo(
  name: string,
  text: string,
  index: number,
  glyphs: ReadonlyMap<string, unknown>,
  maxLength: number,
): LineInfo {
  const kept = keepKnown(text, glyphs);
  if (kept !== '' && kept.length <= maxLength) return { id: `${name}-${index}`, text: kept };
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `${name}: ${JSON.stringify(text)} cannot be a line: ${kept.length} of its characters have glyphs, and a line has 1 to ${maxLength}.`,
  );
}

/** Where the glyphs of each character lie in the dataset. */
function indexByClass({ classes, labels }: Dataset): ReadonlyMap<string, readonly number[]> {
  const lists = classes.map((): number[] => []);
  labels.forEach((label, index) => lists[label].push(index));
  return new Map(
    classes.map((character, label) => [character, lists[label]] as const).filter(([, list]) => list.length > 0),
  );
}

/** The characters of `text` side by side, `[glyph height, as wide as they come]`. */
function setLine(
  text: string,
  characters: Dataset,
  glyphs: ReadonlyMap<string, readonly number[]>,
  overlap: number,
  random: Random,
): GrayImage {
  const { width: glyphWidth, height } = characters;
  const step = glyphWidth * (1 - overlap);
  const width = Math.round(step * (text.length - 1)) + glyphWidth;
  const line = new Uint8Array(width * height);
  const glyph = new Uint8Array(glyphWidth * height);
  [...text].forEach((character, position) => {
    if (character === ' ') return;
    const choices = glyphs.get(character)!;
    characters.read([choices[random.below(choices.length)]], glyph);
    const left = Math.round(position * step);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < glyphWidth; x++) {
        const at = y * width + left + x;
        line[at] = Math.max(line[at], glyph[y * glyphWidth + x]);
      }
    }
  });
  return { width, height, data: line };
}

/** `line` in the options' height and with a tilt drawn from their ranges; never wider than the options allow. */
function tiltAtRandom(
  line: GrayImage,
  { height, width = Infinity, tilt }: EmnistLineOptions,
  random: Random,
): GrayImage {
  if (!tilt) return line;
  const brightness = random.between(...tilt.brightness);
  const widest = (width - height) / line.width;
  const scale = Math.min(random.between(...tilt.scale), widest);
  const drawn = random.between(...tilt.rotation);
  const shear = random.between(...tilt.shear);
  const steepest = steepestRotation(line, scale, shear, height);
  const rotation = Math.max(-steepest, Math.min(steepest, drawn));
  return tiltLine(line, { brightness, scale, rotation, shear }, height);
}

/** Degrees by which a line can be rotated without leaving the image at its ends, as long lines at 3° would. */
function steepestRotation(line: GrayImage, scale: number, shear: number, height: number): number {
  const length = scale * (line.width + line.height * Math.abs(Math.tan((shear * Math.PI) / 180)));
  const room = Math.max(0, height - 2 - scale * line.height);
  return (Math.asin(Math.min(1, room / length)) * 180) / Math.PI;
}

/** `line` in the middle of the options' height, at the left of their width. */
function fitLine(line: GrayImage, options: EmnistLineOptions): GrayImage {
  const { height, width = line.width } = options;
  if (line.height === height && line.width === width) return line;
  const data = new Uint8Array(width * height);
  const top = Math.max(0, (height - line.height) >> 1);
  const rows = Math.min(height, line.height);
  for (let y = 0; y < rows; y++) {
    const row = line.data.subarray(y * line.width, y * line.width + Math.min(width, line.width));
    data.set(row, (top + y) * width);
  }
  return { width, height, data };
}

function expectedWidth(length: number, glyphWidth: number, { overlap, tilt }: EmnistLineOptions): number {
  const scale = tilt ? (tilt.scale[0] + tilt.scale[1]) / 2 : 1;
  const step = glyphWidth * (1 - (overlap[0] + overlap[1]) / 2);
  return Math.ceil(scale * (step * (length - 1) + glyphWidth));
}

function checkOptions(
  name: string,
  characters: Dataset,
  { maxLength, height, width, overlap }: EmnistLineOptions,
): void {
  const invalid = (reason: string) => new TextRecognizerError('INVALID_ARGUMENT', `${name}: ${reason}.`);
  const [low, high] = overlap;
  if (!(low >= 0 && low <= high && high < 1))
    throw invalid(`the overlap must lie within [0, 1), not [${low}, ${high}]`);
  if (!Number.isInteger(maxLength) || maxLength < 1) throw invalid(`a line cannot have up to ${maxLength} characters`);
  if (height < characters.height)
    throw invalid(`characters ${characters.height} high do not fit into lines ${height} high`);
  const widest = Math.round(characters.width * (1 - low) * (maxLength - 1)) + characters.width;
  if (width !== undefined && widest > width) {
    throw invalid(`${maxLength} characters can be ${widest} pixels wide, more than the ${width} of a line`);
  }
}
