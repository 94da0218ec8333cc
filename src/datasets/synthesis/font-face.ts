import { readFileSync } from 'node:fs';
import { create, type Font, type Glyph } from 'fontkit';
import { TextRecognizerError } from '../../errors.ts';
import { emptyOutline, measureOutline, type Outline, outlineOf } from './outline.ts';
import { unwrapWoff } from './unwrap-woff.ts';

/** A glyph with its place from the start of the line, in ems; y upward. */
export interface PlacedGlyph {
  readonly outline: Outline;
  readonly x: number;
  readonly y: number;
  /** How far the next glyph is. */
  readonly advance: number;
  /** Whether it is white space. */
  readonly isSpace: boolean;
}

const SPACE = 32;

/** Words kept per font, a few megabytes. */
const MAX_WORDS = 2000;

/** A font whose lines can be set and filled. */
export class FontFace {
  readonly name: string;
  readonly #font: Font;
  /** Mean width of its strokes, in ems. */
  readonly strokeWidth: number;
  readonly #outlines = new Map<number, Outline>();
  readonly #words = new Map<string, SetWord>();
  readonly #metrics = new Map<string, GlyphMetrics>();

  /** Opens a TTF, OTF, WOFF or WOFF2 file; throws `FILE_NOT_FOUND` or `FILE_CORRUPT`. */
  constructor(name: string, path: string) {
    this.name = name;
    this.#font = openFont(path);
    this.strokeWidth = this.#measureStrokes();
  }

  /** Whether the font has a glyph for every character of `text`. */
  covers(text: string): boolean {
    for (const character of text) if (!this.#metricsOf(character).exists) return false;
    return true;
  }

  /** Sets a line with the font's ligatures, alternates and kerning, which do not reach over spaces. */
  set(text: string): PlacedGlyph[] {
    const placed: PlacedGlyph[] = [];
    let x = 0;
    for (const [i, word] of text.split(' ').entries()) {
      if (i > 0) placed.push({ outline: emptyOutline, x, y: 0, advance: this.#space(), isSpace: true });
      if (i > 0) x += this.#space();
      const { glyphs, advance } = this.#word(word);
      for (const glyph of glyphs) placed.push(Object.assign({}, glyph, { x: x + glyph.x }));
      x += advance;
    }
    return placed;
  }

  /** Advance, depth and height of a line in ems, without kerning and ligatures: a fast estimate. */
  measure(text: string): { advance: number; bottom: number; top: number } {
    const size = { advance: 0, bottom: Infinity, top: -Infinity };
    for (const character of text) {
      const { advance, bottom, top } = this.#metricsOf(character);
      size.advance += advance;
      size.bottom = Math.min(size.bottom, bottom);
      size.top = Math.max(size.top, top);
    }
    return size;
  }

  #metricsOf(character: string): GlyphMetrics {
    let metrics = this.#metrics.get(character);
    if (metrics === undefined) {
      metrics = this.#measureGlyph(character.codePointAt(0)!);
      this.#metrics.set(character, metrics);
    }
    return metrics;
  }

  #measureGlyph(codePoint: number): GlyphMetrics {
    const em = this.#font.unitsPerEm;
    const exists = this.#font.hasGlyphForCodePoint(codePoint) || codePoint === SPACE;
    if (!exists || codePoint === SPACE) return { exists, advance: exists ? this.#space() : 0, bottom: 0, top: 0 };
    const { bbox, advanceWidth } = this.#font.glyphForCodePoint(codePoint);
    return { exists, advance: advanceWidth / em, bottom: bbox.minY / em, top: bbox.maxY / em };
  }

  /** Advance of a space; in some fonts the library reads beyond the end of the file for it, as the glyph has no outline. */
  #space(): number {
    try {
      return this.#font.glyphForCodePoint(SPACE).advanceWidth / this.#font.unitsPerEm;
    } catch {
      return 0.25;
    }
  }

  /** A word set from 0; words recur, and shaping is what costs most. */
  #word(word: string): SetWord {
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    const em = this.#font.unitsPerEm;
    const { glyphs, positions } = this.#font.layout(word);
    let advance = 0;
    const placed = positions.map(({ xAdvance, xOffset, yOffset }, i): PlacedGlyph => {
      const x = advance + xOffset / em;
      advance += xAdvance / em;
      return { outline: this.#outline(glyphs[i]), x, y: yOffset / em, advance: xAdvance / em, isSpace: false };
    });
    if (this.#words.size >= MAX_WORDS) this.#words.clear();
    this.#words.set(word, { glyphs: placed, advance });
    return { glyphs: placed, advance };
  }

  #measureStrokes(): number {
    const outlines = [...'onml'].map((letter) => this.#outline(this.#font.glyphForCodePoint(letter.codePointAt(0)!)));
    const sizes = outlines.map(measureOutline);
    const area = sizes.reduce((sum, size) => sum + size.area, 0);
    return (2 * area) / sizes.reduce((sum, size) => sum + size.length, 1e-9);
  }

  #outline(glyph: Glyph): Outline {
    let outline = this.#outlines.get(glyph.id);
    if (outline === undefined) {
      outline = outlineOf(glyph.path.commands, 1 / this.#font.unitsPerEm);
      this.#outlines.set(glyph.id, outline);
    }
    return outline;
  }
}

interface SetWord {
  readonly glyphs: readonly PlacedGlyph[];
  readonly advance: number;
}

interface GlyphMetrics {
  readonly exists: boolean;
  readonly advance: number;
  /** Lowest and highest point. */
  readonly bottom: number;
  readonly top: number;
}

function openFont(path: string): Font {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const hint = 'Install the fonts with `npm ci --prefix data/font-lines`.';
    throw new TextRecognizerError('FILE_NOT_FOUND', `The font ${path} cannot be read. ${hint}`, { cause: error });
  }
  try {
    const font = create(unwrapWoff(bytes));
    if (font.type === 'TTF' || font.type === 'WOFF' || font.type === 'WOFF2') return font;
  } catch (error) {
    throw new TextRecognizerError('FILE_CORRUPT', `${path} cannot be read as a font.`, { cause: error });
  }
  throw new TextRecognizerError('FILE_CORRUPT', `${path} is a collection of fonts; give a file with one.`);
}
