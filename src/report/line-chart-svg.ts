import { type AxisTicks, axisTicks } from './axis-ticks.ts';
import { formatFigure } from './format-figure.ts';
import { escapeXml } from '../text/escape-xml.ts';
import { element, label, svgDocument } from './svg.ts';

export interface LineSeries {
  readonly name: string;
  /** `[x, y]` in the order of x; a y that is not a finite number interrupts the line. */
  readonly points: readonly (readonly [number, number])[];
  /** Which of the four colours; by default its place among the series. */
  readonly color?: number;
}

export interface LineChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly LineSeries[];
}

const PANEL = { width: 480, height: 300 };
const PLOT = { left: 66, top: 58, right: 462, bottom: 252 };
const COLUMNS = 2;
/** Okabe and Ito's colours, told apart by the colour-blind (https://jfly.uni-koeln.de/color/); lighter on dark paper. */
const COLORS = [
  ['#0072b2', '#56b4e9'],
  ['#d55e00', '#e69f00'],
  ['#009e73', '#2fc79f'],
  ['#a8487e', '#cc79a7'],
];
const STYLE = COLORS.map(
  ([light, dark], i) => `
.line${i} { stroke: ${light}; stroke-width: 2; stroke-linejoin: round; fill: none; }
.dot${i} { fill: ${light}; }
@media (prefers-color-scheme: dark) { .line${i} { stroke: ${dark}; } .dot${i} { fill: ${dark}; } }`,
).join('');

/** Draws line charts, two a row, as one SVG file that needs nothing else and follows the reader's light or dark scheme. */
export function lineChartsSvg(charts: readonly LineChart[]): string {
  const columns = Math.max(1, Math.min(COLUMNS, charts.length));
  const rows = Math.max(1, Math.ceil(charts.length / columns));
  const panels = charts.map((chart, i) => {
    const place = `translate(${(i % columns) * PANEL.width} ${Math.floor(i / columns) * PANEL.height})`;
    return element('g', { transform: place }, `\n${panel(chart).join('\n')}\n`);
  });
  return svgDocument(columns * PANEL.width, rows * PANEL.height, STYLE, panels);
}

function panel(chart: LineChart): string[] {
  const points = chart.series.flatMap(({ points }) => points.filter(isFinitePoint));
  const [middle, height] = [(PLOT.left + PLOT.right) / 2, (PLOT.top + PLOT.bottom) / 2];
  const frame = [
    label(chart.title, { class: 'title', x: PLOT.left, y: 24 }),
    label(chart.xLabel, { class: 'quiet', x: middle, y: PANEL.height - 10, 'text-anchor': 'middle' }),
    label(chart.yLabel, {
      class: 'quiet',
      x: 0,
      y: 0,
      'text-anchor': 'middle',
      transform: `translate(16 ${height}) rotate(-90)`,
    }),
    ...legend(chart.series),
  ];
  if (points.length === 0) {
    return [...frame, label('no figures yet', { class: 'quiet', x: middle, y: height, 'text-anchor': 'middle' })];
  }
  const [x, y] = axesOf(points);
  return [...frame, ...xAxis(x), ...yAxis(y), ...chart.series.flatMap((series, i) => line(series, i, x, y))];
}

interface Axis extends AxisTicks {
  /** Pixels of a value. */
  readonly place: (value: number) => number;
}

function axesOf(points: readonly (readonly [number, number])[]): [Axis, Axis] {
  const range = (values: readonly number[]) =>
    values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
  const [left, right] = range(points.map(([x]) => x));
  const whole = points.every(([x]) => Number.isInteger(x));
  const ticks = axisTicks(left, right, 8, whole);
  // The lines fill the width: the axis ends where they do, not at the next round number.
  const xTicks = { low: left, high: right, ticks: ticks.ticks.filter((tick) => tick >= left && tick <= right) };
  const [bottom, top] = range(points.map(([, y]) => y));
  return [axis(xTicks, PLOT.left, PLOT.right), axis(axisTicks(bottom, top, 5), PLOT.bottom, PLOT.top)];
}

function axis(ticks: AxisTicks, from: number, to: number): Axis {
  const { low, high } = ticks;
  // A single epoch is in the middle.
  const place = (value: number) => (high > low ? from + ((to - from) * (value - low)) / (high - low) : (from + to) / 2);
  return { ...ticks, place };
}

function xAxis({ ticks, place }: Axis): string[] {
  const { left, right, bottom } = PLOT;
  const base = element('line', { class: 'axis', x1: left, x2: right, y1: bottom, y2: bottom });
  const marks = ticks.flatMap((tick) => [
    element('line', { class: 'axis', x1: place(tick), x2: place(tick), y1: bottom, y2: bottom + 4 }),
    label(formatFigure(tick), { class: 'quiet', x: place(tick), y: bottom + 18, 'text-anchor': 'middle' }),
  ]);
  return [base, ...marks];
}

function yAxis({ ticks, place }: Axis): string[] {
  const { left, right } = PLOT;
  return ticks.flatMap((tick) => [
    element('line', { class: 'grid', x1: left, x2: right, y1: place(tick), y2: place(tick) }),
    label(formatFigure(tick), { class: 'quiet', x: left - 8, y: place(tick) + 4, 'text-anchor': 'end' }),
  ]);
}

function line({ name, points, color }: LineSeries, index: number, x: Axis, y: Axis): string[] {
  const shade = (color ?? index) % COLORS.length;
  let pen = 'M';
  let path = '';
  for (const point of points) {
    if (isFinitePoint(point)) path += `${pen}${x.place(point[0]).toFixed(1)} ${y.place(point[1]).toFixed(1)}`;
    pen = isFinitePoint(point) ? 'L' : 'M';
  }
  const dots = points.filter(isFinitePoint).map(([px, py]) => {
    const tip = element('title', {}, escapeXml(`${name}, ${formatFigure(px)}: ${formatFigure(py)}`));
    return element(
      'circle',
      { class: `dot${shade}`, cx: x.place(px), cy: y.place(py), r: points.length > 40 ? 1 : 3 },
      tip,
    );
  });
  return [element('path', { class: `line${shade}`, d: path }), ...dots];
}

function legend(series: readonly LineSeries[]): string[] {
  let x = PLOT.left;
  return series.flatMap(({ name, color }, i) => {
    const start = x;
    x += 40 + 7 * name.length;
    return [
      element('line', { class: `line${(color ?? i) % COLORS.length}`, x1: start, x2: start + 20, y1: 41, y2: 41 }),
      label(name, { x: start + 26, y: 45 }),
    ];
  });
}

function isFinitePoint([x, y]: readonly [number, number]): boolean {
  return Number.isFinite(x) && Number.isFinite(y);
}
