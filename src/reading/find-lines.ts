import type { GrayImage } from '../images/gray-image.ts';
import { polygonOverlap } from '../images/polygon-overlap.ts';
import { resize } from '../images/resize.ts';
import type { PageModelManifest } from '../models/model-manifest.ts';
import type { GraphRunner } from '../runtime/tensor.ts';
import { inReadingOrder } from './reading-order.ts';
import { type FoundLine, shapeLine } from './shape-line.ts';
import { traceLines, type TraceOptions } from './trace-lines.ts';

/** A model that finds lines, ready to run. */
export interface PageFinder {
  readonly manifest: Pick<PageModelManifest, 'stem' | 'threshold'>;
  readonly session: GraphRunner;
}

/** Heights of lines in pixels that the network has learned; beyond them a second look is taken, at a better scale. */
const LEAST_HEIGHT = 20;
const GREATEST_HEIGHT = 90;
const BEST_HEIGHT = 40;
/** A second look has at most this many times the pixels of the first, and enlarges at most so much. */
const MORE_PIXELS = 2.5;
const MOST_ENLARGED = 3;
/** A character on its own is found where the network is only this sure of it, in a picture enlarged so much. */
const LONE: TraceOptions = { leastMean: 0.3 };
const LONE_ENLARGED = 2;
/** What is broader for its height is no single character. */
const MOST_CHARACTER_BREADTH = 1.5;
/** A line of which more than this lies in another, longer one is a part of that. */
const CONTAINED_SHARE = 0.7;

/**
 * The lines of writing in a picture, in reading order; places are in its pixels. Where they are some `expected` pixels high, the
 * network needs fewer pixels.
 */
export async function findLines(picture: GrayImage, finder: PageFinder, expected?: number): Promise<FoundLine[]> {
  const { pixels } = finder.manifest.stem;
  const area = picture.width * picture.height;
  const whole = Math.min(1, Math.sqrt(pixels / area));
  const scale = expected === undefined ? whole : Math.min(whole, BEST_HEIGHT / expected);
  const lines = await lookAt(picture, finder, scale);
  if (lines.length === 0) return scale < whole ? await findLines(picture, finder) : [];
  const height = scale * usualHeight(lines);
  if (height >= LEAST_HEIGHT && height <= GREATEST_HEIGHT) return inReadingOrder(lines);
  const better = Math.min((scale * BEST_HEIGHT) / height, Math.sqrt((MORE_PIXELS * pixels) / area), MOST_ENLARGED);
  const seen = await lookAt(picture, finder, better);
  return inReadingOrder(seen.length === 0 ? lines : seen);
}

/** The one character that the network is surest of, where `findLines` finds none in a small picture; none or one. */
export async function findLoneCharacter(picture: GrayImage, finder: PageFinder): Promise<FoundLine[]> {
  const most = Math.sqrt((MORE_PIXELS * finder.manifest.stem.pixels) / (picture.width * picture.height));
  const found = await lookAt(picture, finder, Math.min(LONE_ENLARGED, most), LONE);
  return found
    .filter(isNarrow)
    .toSorted((a, b) => b.confidence - a.confidence)
    .slice(0, 1);
}

function usualHeight(lines: readonly FoundLine[]): number {
  return lines.map(({ up, down }) => up + down).toSorted((a, b) => a - b)[lines.length >> 1];
}

async function lookAt(
  picture: GrayImage,
  { manifest, session }: PageFinder,
  scale: number,
  options?: TraceOptions,
): Promise<FoundLine[]> {
  const { width, height } = picture;
  const { step, stride } = manifest.stem;
  const [seenWidth, seenHeight] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const seen = resize(picture, seenWidth, seenHeight, scale < 1 ? 'area' : 'bilinear');
  const padded = padTo(step, seen);
  const outputs = await session.run({ images: { data: padded.data, shape: [1, 1, padded.height, padded.width] } });
  const [core, writing, up, down] = ['core', 'writing', 'up', 'down'].map((name) => outputs[name].data as Float32Array);
  const maps = { width: padded.width / stride, height: padded.height / stride, core, writing, up, down };
  const place = { scaleX: (stride * width) / seenWidth, scaleY: (stride * height) / seenHeight, width, height };
  const lines = traceLines(maps, { threshold: manifest.threshold, ...options }).map((trace) => shapeLine(trace, place));
  return withoutContained(lines.filter(isInPicture));
}

/** Whether some pixels of a line are in the picture, and not all in what it was padded with. */
function isInPicture({ polygon }: FoundLine): boolean {
  const extent = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
  return extent(polygon.map(([x]) => x)) >= 2 && extent(polygon.map(([, y]) => y)) >= 2;
}

/** Leaves out what lies within another line: the tail of a letter, say. */
function withoutContained(lines: readonly FoundLine[]): FoundLine[] {
  return lines.filter(
    (line) =>
      !lines.some(
        (other) =>
          lengthOf(other) > 2 * lengthOf(line) && polygonOverlap(line.polygon, other.polygon).ofFirst > CONTAINED_SHARE,
      ),
  );
}

/** Continues the rim on the right and below until the sides are multiples of `step`. */
function padTo(step: number, { width, height, data }: GrayImage): GrayImage {
  const [wide, high] = [width, height].map((side) => step * Math.ceil(side / step));
  const padded = new Uint8Array(wide * high);
  for (let y = 0; y < high; y++) {
    const row = data.subarray(Math.min(y, height - 1) * width, (Math.min(y, height - 1) + 1) * width);
    padded.set(row, y * wide);
    padded.fill(row[width - 1], y * wide + width, (y + 1) * wide);
  }
  return { width: wide, height: high, data: padded };
}

/** Whether what was found is no broader for its height than a character. */
export function isNarrow(line: FoundLine): boolean {
  return lengthOf(line) <= MOST_CHARACTER_BREADTH * (line.up + line.down);
}

function lengthOf({ baseline }: FoundLine): number {
  return baseline[baseline.length - 1][0] - baseline[0][0];
}
