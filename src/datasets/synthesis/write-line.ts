import type { GrayImage } from '../../images/gray-image.ts';

/** Writes `line` at the left of rows of `width` pixels, black at its right, into `target`, `[height, width]`. */
export function writeLine(line: GrayImage, width: number, target: Uint8Array): void {
  for (let y = 0; y < line.height; y++) {
    target.set(line.data.subarray(y * line.width, (y + 1) * line.width), y * width);
    target.fill(0, y * width + line.width, (y + 1) * width);
  }
}
