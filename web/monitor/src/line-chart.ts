import uPlot from 'uplot';
import { make } from '../../src/element.ts';
import { colorOf, styleColor } from '../../dashboard/src/colors.ts';
import { formatValue } from '../../dashboard/src/format.ts';

export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
  readonly isDashed?: boolean;
}

export interface LineChart {
  /** The same in each chart of a row. */
  readonly width: number;
  readonly height: number;
  readonly x: readonly number[];
  /** Whether `x` is seconds since 1970. */
  readonly isTime?: boolean;
  readonly lines: readonly Line[];
  /** What a screen reader says before the latest values. */
  readonly label: string;
}

/** A chart with a line for each series; the same data are in its label for those who do not see it. */
export function lineChart({ width, height, x, isTime = false, lines, label }: LineChart): HTMLElement {
  const box = make('div', '');
  const axis = {
    stroke: styleColor('--text'),
    grid: { stroke: styleColor('--rule') },
    ticks: { stroke: styleColor('--rule') },
  };
  const plot = new uPlot(
    {
      width,
      height,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: isTime, range: isTime && x.length === 1 ? () => around(x[0]) : undefined },
        y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.05 : 1] },
      },
      axes: [axis, { ...axis, size: 56 }],
      series: [
        {},
        ...lines.map(({ label, isDashed }, place) => ({
          label,
          stroke: isDashed ? styleColor('--quiet') : colorOf(place),
          dash: isDashed ? [6, 4] : [],
          width: 1.5,
          spanGaps: true,
          // A single point would be no line.
          points: { show: lines[place].values.filter((value) => value !== null).length < 3 },
        })),
      ],
    },
    [[...x], ...lines.map(({ values }) => [...values])],
    box,
  );
  plot.root.role = 'img';
  plot.root.ariaLabel = isTime ? `${label}. ${lines.map(latest).join(', ')}` : label;
  return box;
}

/** Two minutes around a single one: uPlot would show years. */
function around(minute: number): [low: number, high: number] {
  return [minute - 60, minute + 60];
}

/** A caption with a swatch for each line. */
export function legendOf(lines: readonly Line[]): HTMLElement {
  const items = lines.map(({ label, isDashed }, place) => {
    const swatch = make('span', 'swatch');
    swatch.style.borderTop = `3px ${isDashed ? 'dashed' : 'solid'} ${isDashed ? styleColor('--quiet') : colorOf(place)}`;
    return make('li', '', swatch, label);
  });
  return make('ul', 'legend', ...items);
}

function latest({ label, values }: Line): string {
  return `${label}: ${formatValue(values.findLast((value) => value !== null)) || 'none'}`;
}
