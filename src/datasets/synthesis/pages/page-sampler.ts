import type { Random } from '../../../random/random.ts';
import { photograph, surroundings } from './daylight.ts';
import type { PageLine } from '../../sources/pages/page-line.ts';
import type { Page } from '../../sources/pages/page-set.ts';
import { drawTargets, type TargetGrid } from './page-targets.ts';
import { drawView, inverse, lookThrough } from './page-view.ts';
import { composeSheet, type InkPatch, liftLine, type PatchKind } from './sheet.ts';

/** Characters that sheets are set from, white on black, `[count, height, width]`. */
export interface Glyphs {
  readonly height: number;
  readonly width: number;
  readonly count: number;
  readonly data: Uint8Array;
}

export interface PageSamplerOptions extends TargetGrid {
  /** The side of a view in pixels, a multiple of 32. */
  readonly size: number;
  /** Share of the views that show a sheet set by program. */
  readonly sheets: number;
}

/** Draws views of pages and of sheets that are set from their lines, with what the network should answer. */
export class PageSampler {
  readonly #pages: readonly Page[];
  readonly #glyphs: Glyphs | undefined;
  readonly #options: PageSamplerOptions;

  constructor(pages: readonly Page[], glyphs: Glyphs | undefined, options: PageSamplerOptions) {
    this.#pages = pages.filter(({ lines }) => lines.length > 0);
    this.#glyphs = glyphs;
    this.#options = options;
  }

  /** Draws one view, `[size, size]`, and its target; see `drawTargets`. */
  draw(view: Uint8Array, target: Float32Array, random: Random): void {
    const { size, sheets } = this.#options;
    const isSheet = random.uniform() < sheets;
    const page = isSheet
      ? composeSheet((random, kind) => this.#drawPatch(random, kind), random)
      : this.#pages[random.below(this.#pages.length)];
    const lineHeight = [isSheet ? 24 : 20, isSheet ? 130 : 80] as const;
    const seen = drawView(page.image, usualHeight(page.lines), { size, lineHeight, rotation: 6 }, random);
    const around = surroundings({ width: size, height: size }, random);
    const data = lookThrough(page.image, seen, size, around);
    view.set(photograph({ width: size, height: size, data }, random).data);
    drawTargets(target, this.#options, page, inverse(seen));
  }

  #drawPatch(random: Random, kind: PatchKind): InkPatch | undefined {
    if (this.#glyphs && kind === 'character') return glyphPatch(this.#glyphs, random.below(this.#glyphs.count));
    const page = this.#pages[random.below(this.#pages.length)];
    const line = page.lines[random.below(page.lines.length)];
    if (kind === 'line') return liftLine(page, line);
    const begin = random.between(0, 0.7);
    return liftLine(page, line, [begin, Math.min(1, begin + random.between(0.12, 0.4))]);
  }
}

function usualHeight(lines: readonly PageLine[]): number {
  const heights = lines.map(({ up, down }) => up + down).sort((a, b) => a - b);
  return heights.length > 0 ? heights[heights.length >> 1] : 50;
}

/** A single character as writing: it stands on its lowest ink. */
function glyphPatch({ width, height, data }: Glyphs, index: number): InkPatch | undefined {
  const glyph = data.subarray(index * width * height, (index + 1) * width * height);
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let i = 0; i < glyph.length; i++) {
    if (glyph[i] < 100) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  if (bottom - top < 5) return undefined;
  const up = bottom + 1 - top;
  const baseline = [[left - 1, bottom + 1] as const, [right + 2, bottom + 1] as const];
  return { width, height, light: glyph.map((ink) => 255 - ink), line: { baseline, up, down: 0.2 * up } };
}
