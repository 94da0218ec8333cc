import type { GrayImage } from '../../images/gray-image.ts';

/**
 * Fills outlines by exact area coverage: every edge adds, to the pixels that it crosses, the signed area between it and their right
 * sides; summed along a row that is how far each pixel is covered (as in https://github.com/raphlinus/font-rs).
 */
export class CoverageCanvas {
  readonly width: number;
  readonly height: number;
  /** One column more than the image has: what is added at the right of the last pixel. */
  readonly #stride: number;
  readonly #areas: Float32Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#stride = width + 2;
    this.#areas = new Float32Array(this.#stride * height);
  }

  /** Adds the edge from (x0, y0) to (x1, y1), in pixels; outlines must be closed. What lies outside the canvas is cut off. */
  edge(x0: number, y0: number, x1: number, y1: number): void {
    if (y0 === y1) return;
    const isDown = y0 < y1;
    const top = isDown ? y0 : y1;
    const bottom = isDown ? y1 : y0;
    const atTop = isDown ? x0 : x1;
    const slope = (x1 - x0) / (y1 - y0);
    const end = Math.min(this.height, Math.ceil(bottom));
    for (let y = Math.max(0, Math.floor(top)); y < end; y++) {
      const from = Math.max(y, top);
      const to = Math.min(y + 1, bottom);
      if (to <= from) continue;
      const xFrom = atTop + (from - top) * slope;
      const xTo = atTop + (to - top) * slope;
      this.#span(y, Math.min(xFrom, xTo), Math.max(xFrom, xTo), isDown ? to - from : from - to);
    }
  }

  /** What is covered, 0 to 255, `[height, width]`. */
  toImage(): GrayImage {
    const { width, height } = this;
    const data = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      let covered = 0;
      for (let x = 0; x < width; x++) {
        covered += this.#areas[y * this.#stride + x];
        data[y * width + x] = Math.min(255, 255 * Math.abs(covered) + 0.5);
      }
    }
    return { width, height, data };
  }

  /** An edge within row y from column x0 to x1 ≥ x0, `rise` of it down the row. */
  #span(y: number, x0: number, x1: number, rise: number): void {
    const from = Math.max(0, Math.min(this.width, x0));
    const to = Math.max(0, Math.min(this.width, x1));
    const row = y * this.#stride;
    const first = Math.floor(from);
    if (to <= first + 1) {
      const middle = (from + to) / 2 - first;
      this.#areas[row + first] += rise * (1 - middle);
      this.#areas[row + first + 1] += rise * middle;
      return;
    }
    // Each column gets the rise of the part of the edge within it, shared between it and the next by the part's middle.
    const perColumn = rise / (to - from);
    for (let x = first; x < to; x++) {
      const partFrom = Math.max(from, x);
      const partTo = Math.min(to, x + 1);
      const part = perColumn * (partTo - partFrom);
      const middle = (partFrom + partTo) / 2 - x;
      this.#areas[row + x] += part * (1 - middle);
      this.#areas[row + x + 1] += part * middle;
    }
  }
}
