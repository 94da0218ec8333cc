import type { FieldOfRuns } from '../../../src/experiments/tracking/compare-runs.ts';
import { make } from '../../src/element.ts';
import { styleColor } from './colors.ts';
import { formatValue } from './format.ts';

const HEIGHT = 320;
const TOP = 44;
const BOTTOM = 24;
const AXIS_WIDTH = 130;

/** Positions of all runs on an axis, 0 at the bottom to 1 at the top; NaN where a run has no value. */
interface Axis {
  readonly field: string;
  readonly positions: Float64Array;
  readonly bottom: string;
  readonly top: string;
}

/** Draws a line for each run through an axis for each field, the last of which decides the shade. Chosen ranges are told as a count. */
export function drawAxes(box: HTMLElement, fields: readonly FieldOfRuns[], onCount: (runs: number) => void): void {
  const axes = fields.map(axisOf);
  const canvas = make('canvas', 'axes');
  const width = Math.max(box.parentElement?.clientWidth ?? 0, AXIS_WIDTH * axes.length);
  canvas.width = width * devicePixelRatio;
  canvas.height = HEIGHT * devicePixelRatio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${HEIGHT}px`;
  canvas.role = 'img';
  canvas.ariaLabel = `A line for each run through ${fields.map(({ field }) => field).join(', ')}`;
  box.replaceChildren(canvas);
  const ranges: ([number, number] | undefined)[] = axes.map(() => undefined);
  const x = (i: number) => ((i + 0.5) * width) / axes.length;
  const redraw = () => onCount(draw(canvas, axes, x, ranges));
  listen(canvas, axes.length, width, (axis, range) => {
    ranges[axis] = range;
    requestAnimationFrame(redraw);
  });
  redraw();
}

function axisOf({ field, values }: FieldOfRuns): Axis {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length > 0) {
    const least = numbers.reduce((a, b) => Math.min(a, b));
    const greatest = numbers.reduce((a, b) => Math.max(a, b));
    // Learning rates and the like spread over powers of ten.
    const isLogarithmic = least > 0 && greatest / least > 50;
    const height = isLogarithmic ? Math.log : Number;
    const span = height(greatest) - height(least) || 1;
    const positions = values.map((value) => (typeof value === 'number' ? (height(value) - height(least)) / span : NaN));
    return { field, positions: Float64Array.from(positions), bottom: formatValue(least), top: formatValue(greatest) };
  }
  const names = [...new Set(values.filter((value) => value !== null && value !== undefined).map(String))].sort();
  const positions = values.map((value) =>
    value === null || value === undefined ? NaN : names.indexOf(String(value)) / (names.length - 1 || 1),
  );
  return { field, positions: Float64Array.from(positions), bottom: names[0] ?? '', top: names.at(-1) ?? '' };
}

/** How many runs are within all ranges. */
function draw(
  canvas: HTMLCanvasElement,
  axes: readonly Axis[],
  x: (axis: number) => number,
  ranges: readonly ([number, number] | undefined)[],
): number {
  const context = canvas.getContext('2d')!;
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, canvas.width, HEIGHT);
  const y = (position: number) => TOP + (1 - position) * (HEIGHT - TOP - BOTTOM);
  const runs = axes.at(-1)?.positions.length ?? 0;
  const isChosen = (run: number) =>
    ranges.every(
      (range, axis) =>
        range === undefined || (axes[axis].positions[run] >= range[0] && axes[axis].positions[run] <= range[1]),
    );
  let count = 0;
  context.globalAlpha = Math.max(0.08, Math.min(0.9, 60 / runs));
  for (let run = 0; run < runs; run++) {
    if (!isChosen(run)) continue;
    count++;
    const shade = axes.at(-1)!.positions[run];
    context.strokeStyle = Number.isNaN(shade) ? styleless : shades[Math.round(shade * (shades.length - 1))];
    context.beginPath();
    axes.forEach(({ positions }, axis) => {
      if (!Number.isNaN(positions[run])) context.lineTo(x(axis), y(positions[run]));
    });
    context.stroke();
  }
  context.globalAlpha = 1;
  drawScales(context, axes, x, y, ranges);
  return count;
}

const styleless = '#888888';
/** From blue at the bottom to orange at the top, seen on light and dark. */
const shades = Array.from({ length: 32 }, (_, i) => `hsl(${215 - (185 * i) / 31} 75% 45%)`);

function drawScales(
  context: CanvasRenderingContext2D,
  axes: readonly Axis[],
  x: (axis: number) => number,
  y: (position: number) => number,
  ranges: readonly ([number, number] | undefined)[],
): void {
  context.fillStyle = styleColor('--text');
  context.strokeStyle = styleColor('--text');
  context.font = '12px system-ui, sans-serif';
  context.textAlign = 'center';
  axes.forEach(({ field, bottom, top }, axis) => {
    context.fillText(shortened(field), x(axis), 14, AXIS_WIDTH - 6);
    context.fillText(top, x(axis), 34, AXIS_WIDTH - 6);
    context.fillText(bottom, x(axis), HEIGHT - 6, AXIS_WIDTH - 6);
    context.fillRect(x(axis) - 0.5, y(1), 1, y(0) - y(1));
    const range = ranges[axis];
    if (range) context.strokeRect(x(axis) - 6, y(range[1]), 12, y(range[0]) - y(range[1]));
  });
}

/** The end of a path tells more than its beginning. */
function shortened(field: string): string {
  return field.length <= 22 ? field : `…${field.slice(-21)}`;
}

function listen(
  canvas: HTMLCanvasElement,
  axes: number,
  width: number,
  onRange: (axis: number, range: [number, number] | undefined) => void,
): void {
  let begin: { axis: number; position: number } | undefined;
  const positionOf = ({ offsetY }: PointerEvent) =>
    Math.min(1, Math.max(0, 1 - (offsetY - TOP) / (HEIGHT - TOP - BOTTOM)));
  canvas.addEventListener('pointerdown', (event) => {
    begin = { axis: Math.min(axes - 1, Math.floor((event.offsetX / width) * axes)), position: positionOf(event) };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!begin) return;
    const end = positionOf(event);
    onRange(begin.axis, [Math.min(begin.position, end), Math.max(begin.position, end)]);
  });
  canvas.addEventListener('pointerup', (event) => {
    if (begin && Math.abs(positionOf(event) - begin.position) < 0.02) onRange(begin.axis, undefined);
    begin = undefined;
  });
}
