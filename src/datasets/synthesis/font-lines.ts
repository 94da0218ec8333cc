import { TextRecognizerError } from '../../errors.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { Random } from '../../random/random.ts';
import { checkIndex } from '../check-read.ts';
import { FontFace } from './font-face.ts';
import { fadeInk, grainInk } from './grain-ink.ts';
import type { LineDataset, LineInfo } from '../lines/line-dataset.ts';
import type { FontLineSource } from '../lines/line-source.ts';
import { addPaper, type PaperOptions } from './paper.ts';
import { raiseInk } from './raise-ink.ts';
import { type FontHand, setFontLine } from './set-font-line.ts';
import { soften } from './soften.ts';

/** A font file to write with. */
export interface FontFile {
  readonly name: string;
  readonly path: string;
  /** Whether its letters join, so that they must not be spaced. */
  readonly joined?: boolean;
  /** How often it is taken, relative to the others. Default 1. */
  readonly weight?: number;
}

/** How lines are set in fonts. */
export interface FontLineOptions {
  /** Height in pixels. Default 64. */
  readonly height?: number;
  /** Spread (one standard deviation) of the slant, in pixels per pixel of height. Default 0.12. */
  readonly slant?: number;
  /** Middle width of strokes in pixels, and the spread of its logarithm between lines. Default 2 and 0.35. */
  readonly strokeWidth?: readonly [number, number];
  /** Pixels of paper around the ink, a range. Default [1, 4]. */
  readonly margin?: readonly [number, number];
  /** Rules and show-through. Default none. */
  readonly paper?: PaperOptions;
}

/** Lines set on demand in handwriting fonts: each time another font, slant, spacing and wavering line. */
export function fontLines(
  name: string,
  fonts: readonly FontFile[],
  texts: readonly string[],
  options: FontLineOptions = {},
): LineDataset {
  return openFontLines({ kind: 'fonts', name, fonts, texts, options });
}

/** The dataset of a `FontLineSource`; throws `INVALID_ARGUMENT` for a text that no font has all characters of. */
export function openFontLines(source: FontLineSource): LineDataset {
  const { name, fonts, texts } = source;
  const { height = 64, slant = 0.12, strokeWidth = [2, 0.35], margin = [1, 4], paper = {} } = source.options;
  const faces = fonts.map((font) => new FontFace(font.name, font.path));
  const lines = texts.map((text, index): LineInfo => ({ id: `${name}-${index}`, text: text.normalize('NFC') }));
  const coverage = new FontCoverage(faces);
  checkTexts(name, lines, coverage, faces.length);

  /** A font that can write the text, and a hand to write it with: the first chances that a line takes. */
  function choose(index: number, random: Random): { face: FontFace; hand: FontHand } {
    const font = chooseFont(fonts, coverage.of(lines[index].text), random);
    return { face: faces[font], hand: drawHand(fonts[font].joined ?? false, { slant, strokeWidth }, random) };
  }

  function width(index: number, random = Random.of(0, index)): number {
    const { text } = lines[index];
    const { face, hand } = choose(index, random);
    const { advance, bottom, top } = face.measure(text);
    const inner = height - margin[0] - margin[1];
    const spaces = text.split(' ').length - 1;
    const wide = advance + (hand.wordSpace - 1) * spaces * face.measure(' ').advance + hand.tracking * text.length;
    return Math.max(
      1,
      Math.ceil(
        (hand.condensing * wide * inner) / Math.max(hand.lowest, top - bottom + Math.abs(hand.drift) * wide) +
          2 * margin[1],
      ),
    );
  }

  function image(index: number, random = Random.of(0, index)): GrayImage {
    checkIndex({ name, length: lines.length }, index);
    const { face, hand } = choose(index, random);
    const line = setFontLine(face, lines[index].text, { height, margin: random.between(...margin), hand }, random);
    fadeInk(line, random.between(-0.3, 0.4), random);
    soften(line, random.between(0, 0.15));
    grainInk(line, random.between(-0.1, 0.3), random);
    raiseInk(line, random.between(180, 240));
    addPaper(line, paper, random);
    return line;
  }

  return { name, length: lines.length, height, lines, width, image, source };
}

type HandOptions = Required<Pick<FontLineOptions, 'slant' | 'strokeWidth'>>;

function drawHand(joined: boolean, { slant, strokeWidth }: HandOptions, random: Random): FontHand {
  return {
    slant: slant * random.normal(),
    condensing: random.between(0.8, 1.15),
    tracking: joined ? 0 : Math.max(-0.02, 0.025 * random.normal()),
    wordSpace: random.between(0.8, 2.2),
    waver: Math.abs(0.03 * random.normal()),
    drift: 0.012 * random.normal(),
    unevenness: joined ? 0.01 : random.between(0.01, 0.05),
    lowest: 0.6,
    strokeWidth: strokeWidth[0] * Math.exp(strokeWidth[1] * random.normal()),
  };
}

/** Of every character the fonts that have it. */
class FontCoverage {
  readonly #faces: readonly FontFace[];
  readonly #known = new Map<string, Uint8Array>();

  constructor(faces: readonly FontFace[]) {
    this.#faces = faces;
  }

  /** 1 for every font that has all characters of `text`, else 0, `[fonts]`. */
  of(text: string): Uint8Array {
    const able = new Uint8Array(this.#faces.length).fill(1);
    for (const character of new Set(text)) {
      const has = this.#character(character);
      for (let i = 0; i < able.length; i++) able[i] &= has[i];
    }
    return able;
  }

  #character(character: string): Uint8Array {
    let has = this.#known.get(character);
    if (has === undefined) {
      has = Uint8Array.from(this.#faces, (face) => (face.covers(character) ? 1 : 0));
      this.#known.set(character, has);
    }
    return has;
  }
}

/** Draws one of the fonts that are able, by weight. */
function chooseFont(fonts: readonly FontFile[], able: Uint8Array, random: Random): number {
  const weights = fonts.map(({ weight = 1 }, i) => weight * able[i]);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let rest = random.between(0, total);
  const chosen = weights.findIndex((weight) => (rest -= weight) < 0);
  return chosen >= 0 ? chosen : weights.findLastIndex((weight) => weight > 0);
}

function checkTexts(name: string, lines: readonly LineInfo[], coverage: FontCoverage, fonts: number): void {
  for (const { id, text } of lines) {
    if (text.trim() !== '' && coverage.of(text).includes(1)) continue;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `${name}: none of the ${fonts} fonts can write ${id}, ${JSON.stringify(text)}. Fold or drop rare characters first.`,
    );
  }
}
