import type { Box } from './crop.ts';

/** One set of touching pixels, corners included. */
export interface Component {
  readonly box: Box;
  /** Pixels. */
  readonly area: number;
}

export interface Components {
  /** 0 outside, otherwise 1 + the index of the pixel's component; row-major as the mask. */
  readonly labels: Int32Array;
  /** In the order of their first pixels, row by row. */
  readonly components: readonly Component[];
}

/** Finds the 8-connected components of the pixels of `mask` (row-major, `width` × `height`) that are not 0. */
export function connectedComponents(mask: Uint8Array, width: number, height: number): Components {
  const labels = new Int32Array(mask.length);
  const components: Component[] = [];
  const stack: number[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || labels[start] !== 0) continue;
    const label = components.length + 1;
    labels[start] = label;
    stack.push(start);
    components.push(fill(mask, labels, label, stack, width, height));
  }
  return { labels, components };
}

/** Labels all pixels that hang together with those on `stack`. */
function fill(
  mask: Uint8Array,
  labels: Int32Array,
  label: number,
  stack: number[],
  width: number,
  height: number,
): Component {
  const box = { left: width, top: height, right: 0, bottom: 0 };
  let area = 0;
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const x = at % width;
    const y = (at - x) / width;
    area++;
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x + 1);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y + 1);
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const next = ny * width + nx;
        if (mask[next] === 0 || labels[next] !== 0) continue;
        labels[next] = label;
        stack.push(next);
      }
    }
  }
  return { box, area };
}

/** The smallest box around all of `boxes`; undefined if there are none. */
export function unionBox(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  return boxes.reduce((a, b) => ({
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  }));
}
