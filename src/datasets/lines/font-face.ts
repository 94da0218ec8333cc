import { readFileSync } from 'node:fs';
import { create, type Font, type Glyph } from 'fontkit';
import { TextRecognizerError } from '../../errors.ts';
import type { CoverageCanvas } from './coverage-canvas.ts';

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

/** A glyph's contours as straight edges, `[x0, y0, x1, y1]` in turn, in ems; y upward. */
export type Outline = Float32Array;

/** From (x, y) in ems, y upward, to pixels: `[a, b, c, d, e, f]` as in PDF, x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Affine = readonly [number, number, number, number, number, number];

/** Edges per curve: at 64 pixels to the line no chord is more than a few hundredths of a pixel off. */
const EDGES_PER_CURVE = 6;

/** A font whose lines can be set and filled. */
export class FontFace {
  readonly name: string;
  readonly #font: Font;
  readonly #outlines = new Map<number, Outline>();
  readonly #metrics = new Map<string, GlyphMetrics>();

  /** Opens a TTF, OTF, WOFF or WOFF2 file; throws `FILE_NOT_FOUND` or `FILE_CORRUPT`. */
  constructor(name: string, path: string) {
    this.name = name;
    this.#font = openFont(path);
  }

  /** Whether the font has a glyph for every character of `text`. */
  covers(text: string): boolean {
    for (const character of text) if (!this.#metricsOf(character).exists) return false;
    return true;
  }

  /** Sets a line with the font's ligatures, alternates and kerning. */
  set(text: string): PlacedGlyph[] {
    const { glyphs, positions } = this.#font.layout(text);
    const em = this.#font.unitsPerEm;
    let x = 0;
    return glyphs.map((glyph, i) => {
      const { xAdvance, xOffset, yOffset } = positions[i];
      const outline = this.#outline(glyph);
      const left = x + xOffset;
      x += xAdvance;
      return { x: left / em, y: yOffset / em, advance: xAdvance / em, outline, isSpace: outline.length === 0 };
    });
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
    const exists = this.#font.hasGlyphForCodePoint(codePoint);
    const glyph = this.#font.glyphForCodePoint(codePoint);
    const em = this.#font.unitsPerEm;
    const { minY, maxY } = glyph.bbox;
    return { exists, advance: glyph.advanceWidth / em, bottom: minY / em, top: maxY / em };
  }

  #outline(glyph: Glyph): Outline {
    let outline = this.#outlines.get(glyph.id);
    if (outline === undefined) {
      outline = flatten(glyph.path.commands, 1 / this.#font.unitsPerEm);
      this.#outlines.set(glyph.id, outline);
    }
    return outline;
  }
}

interface GlyphMetrics {
  readonly exists: boolean;
  readonly advance: number;
  /** Lowest and highest point. */
  readonly bottom: number;
  readonly top: number;
}

/** Adds a glyph's outline to a canvas. */
export function fillOutline(canvas: CoverageCanvas, outline: Outline, [a, b, c, d, e, f]: Affine): void {
  for (let i = 0; i < outline.length; i += 4) {
    const [x0, y0, x1, y1] = [outline[i], outline[i + 1], outline[i + 2], outline[i + 3]];
    canvas.edge(a * x0 + c * y0 + e, b * x0 + d * y0 + f, a * x1 + c * y1 + e, b * x1 + d * y1 + f);
  }
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
    const font = create(bytes);
    if (font.type === 'TTF' || font.type === 'WOFF' || font.type === 'WOFF2') return font;
  } catch (error) {
    throw new TextRecognizerError('FILE_CORRUPT', `${path} is no font that can be read.`, { cause: error });
  }
  throw new TextRecognizerError('FILE_CORRUPT', `${path} is a collection of fonts; give a file with one.`);
}

type PathCommand = Glyph['path']['commands'][number];

/** Straight edges of a path; contours that are left open are closed, as fills do. */
function flatten(commands: readonly PathCommand[], scale: number): Outline {
  const edges: number[] = [];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  const to = (nextX: number, nextY: number) => {
    if (nextX !== x || nextY !== y) edges.push(x * scale, y * scale, nextX * scale, nextY * scale);
    [x, y] = [nextX, nextY];
  };
  for (const { command, args } of commands) {
    if (command === 'lineTo') to(args[0], args[1]);
    else if (command === 'quadraticCurveTo')
      curve([x, y, args[0], args[1], args[0], args[1], args[2], args[3]], true, to);
    else if (command === 'bezierCurveTo') curve([x, y, ...args], false, to);
    else {
      to(startX, startY);
      if (command === 'moveTo') [x, y, startX, startY] = [args[0], args[1], args[0], args[1]];
    }
  }
  to(startX, startY);
  return Float32Array.from(edges);
}

/** Edges along a Bézier curve of 4 points; of a quadratic one the middle two are the same. */
function curve(points: readonly number[], quadratic: boolean, to: (x: number, y: number) => void): void {
  const [x0, y0, x1, y1, x2, y2, x3, y3] = points;
  for (let i = 1; i <= EDGES_PER_CURVE; i++) {
    const t = i / EDGES_PER_CURVE;
    const s = 1 - t;
    const [first, last] = [s ** (quadratic ? 2 : 3), t ** (quadratic ? 2 : 3)];
    const [second, third] = quadratic ? [2 * s * t, 0] : [3 * s * s * t, 3 * s * t * t];
    to(first * x0 + second * x1 + third * x2 + last * x3, first * y0 + second * y1 + third * y2 + last * y3);
  }
}
