import { connectedComponents, unionBox } from './connected-components.ts';
import type { Box } from './crop.ts';
import type { GrayImage } from './gray-image.ts';

/** Marks smaller than this share of the largest one are specks; the dot of an i has 2 % and more. */
const SPECK_SHARE = 0.01;

/** Where the ink is, and the image without what is not part of it. */
export interface FoundInk {
  readonly box: Box;
  /** The image with specks painted black. */
  readonly image: GrayImage;
}

/** Finds the smallest box around all marks brighter than `threshold`, specks left out; undefined if there are none. */
export function findInk(image: GrayImage, threshold: number): FoundInk | undefined {
  const { width, height, data } = image;
  const mask = data.map((value) => (value > threshold ? 1 : 0));
  const { labels, components } = connectedComponents(mask, width, height);
  const smallest = SPECK_SHARE * Math.max(0, ...components.map(({ area }) => area));
  const isInk = components.map(({ area }) => area >= smallest);
  const box = unionBox(components.filter((_, i) => isInk[i]).map((component) => component.box));
  if (box === undefined) return undefined;
  if (!isInk.includes(false)) return { box, image };
  return { box, image: { width, height, data: withoutSpecks(data, labels, isInk, width) } };
}

/** Blackens specks and the pixels around them, into which they blur. */
function withoutSpecks(data: Uint8Array, labels: Int32Array, isInk: readonly boolean[], width: number): Uint8Array {
  const clean = data.slice();
  for (let i = 0; i < data.length; i++) {
    if (labels[i] === 0 || isInk[labels[i] - 1]) continue;
    for (const next of [i, i - 1, i + 1, i - width, i + width]) if (labels[next] === 0 || next === i) clean[next] = 0;
  }
  return clean;
}
