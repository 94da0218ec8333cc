import { TextRecognizerError } from '../../errors.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { Random } from '../../random/random.ts';
import { checkIndex } from '../check-read.ts';
import type { LineDataset } from '../lines/line-dataset.ts';
import type { StrokeLineSource } from '../lines/line-source.ts';
import { drawPen, type PenKind, penKinds } from './pen.ts';
import { addPaper, type PaperOptions } from './paper.ts';
import { raiseInk } from './raise-ink.ts';
import { renderStrokes } from './render-strokes.ts';
import type { StrokeLine } from './stroke-line.ts';

/** How pen paths vary each time they are drawn. */
export interface StrokeLineOptions {
  /** Height in pixels. Default 64. */
  readonly height?: number;
  /** How often each kind of pen is taken, relative to the others; default all alike. */
  readonly pens?: Readonly<Partial<Record<PenKind, number>>>;
  /** Middle width of strokes in pixels, and the spread of its logarithm between writers. Default 2.2 and 0.3. */
  readonly penWidth?: readonly [number, number];
  /** Spread (one standard deviation) of the slant added to the writer's own. Default 0.15. */
  readonly slant?: number;
  /** Pixels of paper around the ink, a range. Default [1, 4]. */
  readonly margin?: readonly [number, number];
  /** Rules and show-through. Default none. */
  readonly paper?: PaperOptions;
}

const defaults = {
  height: 64,
  pens: { ballpoint: 1, felt: 1, fineliner: 1, fountain: 1, pencil: 1 },
  penWidth: [2.2, 0.3],
  slant: 0.15,
  margin: [1, 4],
  paper: {},
} as const satisfies StrokeLineOptions;

/** Lines written on demand along the pen paths of `lines`, with another pen and slant each time. */
export function strokeLines(name: string, lines: readonly StrokeLine[], options: StrokeLineOptions = {}): LineDataset {
  return openStrokeLines({ kind: 'strokes', name, ...packStrokes(lines), options });
}

/** The dataset of a `StrokeLineSource`, whose paths lie in shared memory. */
export function openStrokeLines(source: StrokeLineSource): LineDataset {
  const { name, lines } = source;
  const options = { ...defaults, ...source.options };
  const { height } = options;
  checkOptions(name, options);
  const widths = Uint32Array.from(lines, (_, index) => expectedWidth(strokeLine(source, index).points, options));

  function image(index: number, random = Random.of(0, index)): GrayImage {
    checkIndex({ name, length: lines.length }, index);
    const [middle, spread] = options.penWidth;
    const width = Math.min(height / 8, middle * Math.exp(spread * random.normal()));
    const pen = drawPen(chooseKind(options.pens, random), width, random);
    const slant = options.slant * random.normal();
    const margin = random.between(...options.margin);
    const softness = random.between(0, 0.15);
    const line = renderStrokes(strokeLine(source, index), { height, pen, slant, margin, softness }, random);
    raiseInk(line, random.between(180, 240));
    addPaper(line, options.paper, random);
    return line;
  }

  return { name, length: lines.length, height, lines, width: (index) => widths[index], image, source };
}

/** The path of one line, a view of shared memory. */
function strokeLine(
  { lines, points, pointStarts, strokes, strokeStarts }: StrokeLineSource,
  index: number,
): StrokeLine {
  return {
    info: lines[index],
    points: points.subarray(2 * pointStarts[index], 2 * pointStarts[index + 1]),
    strokes: strokes.subarray(strokeStarts[index], strokeStarts[index + 1]),
  };
}

function packStrokes(lines: readonly StrokeLine[]): Omit<StrokeLineSource, 'kind' | 'name' | 'options'> {
  const pointStarts = new Uint32Array(lines.length + 1);
  const strokeStarts = new Uint32Array(lines.length + 1);
  lines.forEach((line, i) => {
    pointStarts[i + 1] = pointStarts[i] + line.points.length / 2;
    strokeStarts[i + 1] = strokeStarts[i] + line.strokes.length;
  });
  const points = new Float32Array(new SharedArrayBuffer(8 * pointStarts[lines.length]));
  const strokes = new Uint32Array(new SharedArrayBuffer(4 * strokeStarts[lines.length]));
  lines.forEach((line, i) => {
    points.set(line.points, 2 * pointStarts[i]);
    strokes.set(line.strokes, strokeStarts[i]);
  });
  return { lines: lines.map((line) => line.info), points, pointStarts, strokes, strokeStarts };
}

function expectedWidth(points: Float32Array, { height, penWidth, margin }: Required<StrokeLineOptions>): number {
  const [low, high] = [[Infinity, Infinity], [-Infinity, -Infinity]]; // prettier-ignore
  for (let i = 0; i < points.length; i++) {
    low[i & 1] = Math.min(low[i & 1], points[i]);
    high[i & 1] = Math.max(high[i & 1], points[i]);
  }
  const border = (margin[0] + margin[1]) / 2 + penWidth[0] / 2;
  const wide = high[0] - low[0];
  return Math.max(
    1,
    Math.ceil((wide * (height - 2 * border)) / Math.max(high[1] - low[1], wide / 40, 1e-6) + 2 * border),
  );
}

function chooseKind(pens: Readonly<Partial<Record<PenKind, number>>>, random: Random): PenKind {
  const total = penKinds.reduce((sum, kind) => sum + (pens[kind] ?? 0), 0);
  let rest = random.between(0, total);
  return penKinds.find((kind) => (rest -= pens[kind] ?? 0) < 0) ?? penKinds[0];
}

function checkOptions(name: string, { height, pens, penWidth, margin }: Required<StrokeLineOptions>): void {
  const invalid = (reason: string) => new TextRecognizerError('INVALID_ARGUMENT', `${name}: ${reason}.`);
  if (!(Number.isInteger(height) && height >= 8)) throw invalid(`lines cannot be ${height} pixels high`);
  if (!(penWidth[0] > 0 && penWidth[1] >= 0)) throw invalid(`strokes cannot be ${penWidth[0]} ± ${penWidth[1]} wide`);
  if (!(margin[0] >= 0 && margin[1] >= margin[0] && margin[1] < height / 4)) {
    throw invalid(`a margin of ${margin[0]} to ${margin[1]} pixels does not fit a height of ${height}`);
  }
  const weights = Object.values(pens);
  if (weights.some((weight) => !(weight >= 0)) || weights.every((weight) => weight === 0)) {
    throw invalid('the pens need weights from 0, and one above it');
  }
}
