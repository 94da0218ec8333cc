import type { GrayImage } from '../../images/gray-image.ts';
import type { Random } from '../../random/random.ts';
import { CoverageCanvas } from './coverage-canvas.ts';
import type { FontFace } from './font-face.ts';
import { type Affine, fillOutline, type Outline } from './outline.ts';
import { wander } from './wander.ts';

/** What makes a line in a font look written; lengths in ems. */
export interface FontHand {
  /** By how much uprights lean to the right, beyond the font's own slant. */
  readonly slant: number;
  /** Factor on widths. */
  readonly condensing: number;
  /** Space added between letters. */
  readonly tracking: number;
  /** Factor on the space between words. */
  readonly wordSpace: number;
  /** How far letters stray above and below the line. */
  readonly waver: number;
  /** By how much the line rises per em. */
  readonly drift: number;
  /** Spread of the letters' sizes. */
  readonly unevenness: number;
  /** A line lower than this is not blown up further. */
  readonly lowest: number;
  /** Width in pixels that strokes should have; fonts go as far towards it as their shapes bear. */
  readonly strokeWidth: number;
}

/** How a line is set. */
export interface SetFontLineOptions {
  /** Height of the image in pixels, which the ink fills but for `margin`. */
  readonly height: number;
  readonly margin: number;
  readonly hand: FontHand;
}

/** `text` in a font, `[height, as wide as it comes]`, white ink on black, anti-aliased. */
export function setFontLine(
  face: FontFace,
  text: string,
  { height, margin, hand }: SetFontLineOptions,
  random: Random,
): GrayImage {
  const glyphs = placeGlyphs(face, text, hand, random);
  const box = boundsOf(glyphs);
  const scale = (height - 2 * margin) / Math.max(hand.lowest, box.top - box.bottom);
  const width = Math.max(1, Math.ceil((box.right - box.left) * scale + 2 * margin));
  const below = (height + (box.top + box.bottom) * scale) / 2;
  const canvas = new CoverageCanvas(width, height);
  const bolder = bolderBy(face.strokeWidth, hand.strokeWidth / scale);
  for (const { outline, place } of glyphs) {
    const [a, b, c, d, e, f] = place;
    const left = (e - box.left) * scale + margin;
    fillOutline(canvas, outline, [a * scale, -b * scale, c * scale, -d * scale, left, below - f * scale], bolder);
  }
  return canvas.toImage();
}

/** By how much edges must move for strokes of width `from` to become `to`, but not below 0.6 or above 1.7 of their width. */
function bolderBy(from: number, to: number): number {
  return (Math.max(0.6 * from, Math.min(1.7 * from, to)) - from) / 2;
}

interface SetGlyph {
  readonly outline: Outline;
  /** From the glyph's ems to the line's, y upward. */
  readonly place: Affine;
}

function placeGlyphs(face: FontFace, text: string, hand: FontHand, random: Random): SetGlyph[] {
  const waver = wander(1.7, random);
  const placed: SetGlyph[] = [];
  let shift = 0;
  for (const { outline, x, y, advance, isSpace } of face.set(text)) {
    const size = 1 + hand.unevenness * random.normal();
    const left = (x + shift) * hand.condensing;
    const rise = y + hand.waver * waver(Math.max(0, left)) + hand.drift * left;
    if (!isSpace) {
      const place: Affine = [hand.condensing * size, 0, hand.slant * size, size, left + hand.slant * rise, rise];
      placed.push({ outline, place });
    }
    shift += hand.tracking + (isSpace ? advance * (hand.wordSpace - 1) : 0);
  }
  return placed;
}

function boundsOf(glyphs: readonly SetGlyph[]): { left: number; right: number; bottom: number; top: number } {
  const box = { left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity };
  for (const { outline, place } of glyphs) {
    const [a, b, c, d, e, f] = place;
    const { corners } = outline;
    for (let i = 0; i < corners.length; i += 2) {
      const x = a * corners[i] + c * corners[i + 1] + e;
      const y = b * corners[i] + d * corners[i + 1] + f;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.bottom = Math.min(box.bottom, y);
      box.top = Math.max(box.top, y);
    }
  }
  return box;
}
