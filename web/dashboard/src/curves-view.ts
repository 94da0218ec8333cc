import uPlot from 'uplot';
import type { Curve } from '../../../src/experiments/dashboard/series.ts';
import type { SeriesAnswer } from '../../../src/experiments/dashboard/dashboard-api.ts';
import { element, make } from '../../src/element.ts';
import { ask } from './ask.ts';
import { checkboxes } from './checkboxes.ts';
import { colorOf, dashOf, styleColor } from './colors.ts';
import { smoothed } from './smoothed.ts';
import { keepState, state } from './state.ts';

interface Chart {
  readonly plot: uPlot;
  readonly name: string;
}

let charts: Chart[] = [];
/** What is drawn: another choice makes charts anew, new values only fill them. */
let shown = '';
/** Steps that were zoomed to. */
let range: { readonly from?: number; readonly to?: number } = {};

/** Draws the curves of the runs that are selected. */
export async function showCurves(runs: readonly string[]): Promise<void> {
  const points = 2 * Math.max(300, element('charts', HTMLDivElement).clientWidth);
  const answers = await Promise.all(
    runs.map((id) => ask<SeriesAnswer>('series', { id, name: state.curves, points, ...range })),
  );
  const names = [...new Set(answers.flatMap((answer) => answer.names))].sort();
  checkboxes(element('curve-choice', HTMLFieldSetElement), { '': names }, state.curves, (curves) => {
    state.curves = curves;
    changed();
  });
  showLegend(runs);
  const wanted = names.filter((name) => state.curves.includes(name));
  const key = JSON.stringify([runs, wanted, isLogarithmic(), styleColor('--text')]);
  if (key !== shown) makeCharts(runs, wanted);
  shown = key;
  for (const { plot, name } of charts) {
    plot.setData(joined(answers.map(({ curves }) => curves[name] ?? { steps: [], values: [] })));
  }
}

/** Connects the controls; to be called once. */
export function startCurves(): void {
  for (const id of ['smoothing', 'logarithmic']) element(id, HTMLInputElement).addEventListener('input', changed);
  element('whole', HTMLButtonElement).addEventListener('click', () => {
    range = {};
    changed();
  });
  new ResizeObserver(() => {
    for (const { plot } of charts) plot.setSize({ width: chartWidth(), height: plot.height });
  }).observe(element('charts', HTMLDivElement));
}

function changed(): void {
  keepState();
  dispatchEvent(new Event('statechange'));
}

function isLogarithmic(): boolean {
  return element('logarithmic', HTMLInputElement).checked;
}

function showLegend(runs: readonly string[]): void {
  const items = runs.map((id, place) => {
    const swatch = make('span', 'swatch');
    swatch.style.borderTop = `3px ${dashOf(place).length > 0 ? 'dashed' : 'solid'} ${colorOf(place)}`;
    return make('li', '', swatch, id);
  });
  element('legend', HTMLUListElement).replaceChildren(...items);
}

function makeCharts(runs: readonly string[], names: readonly string[]): void {
  for (const { plot } of charts) plot.destroy();
  const box = element('charts', HTMLDivElement);
  box.replaceChildren();
  charts = names.map((name) => {
    const figure = make('figure', '', make('figcaption', '', name));
    box.append(figure);
    const plot = new uPlot(optionsOf(runs), [[]], figure);
    plot.root.role = 'img';
    plot.root.ariaLabel = `${name} over the steps of ${runs.join(', ')}`;
    return { plot, name };
  });
}

function optionsOf(runs: readonly string[]): uPlot.Options {
  const axis = {
    stroke: styleColor('--text'),
    grid: { stroke: styleColor('--rule') },
    ticks: { stroke: styleColor('--rule') },
  };
  return {
    width: chartWidth(),
    height: 260,
    legend: { show: false },
    scales: { x: { time: false }, y: { distr: isLogarithmic() ? 3 : 1 } },
    axes: [axis, { ...axis, size: 64 }],
    series: [
      { label: 'step' },
      ...runs.map((id, place) => ({
        label: id,
        stroke: colorOf(place),
        dash: dashOf(place),
        width: 1.5,
        spanGaps: true,
        points: { show: false },
      })),
    ],
    // Whatever is zoomed to is asked for again, finer.
    cursor: { drag: { x: true, y: false, setScale: false } },
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 4) return;
          range = { from: plot.posToVal(left, 'x'), to: plot.posToVal(left + width, 'x') };
          plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
          changed();
        },
      ],
    },
  };
}

function chartWidth(): number {
  const width = element('charts', HTMLDivElement).clientWidth;
  return width < 900 ? width : Math.floor((width - 16) / 2);
}

/** Curves with steps of their own, on the steps of all of them. */
function joined(curves: readonly Curve[]): uPlot.AlignedData {
  const weight = Number(element('smoothing', HTMLInputElement).value);
  const tables = curves.map(({ steps, values }): uPlot.AlignedData => {
    const heights = isLogarithmic() ? values.map((value) => (value !== null && value > 0 ? value : null)) : values;
    return [[...steps], smoothed(heights, weight)];
  });
  return tables.length === 0 ? [[]] : uPlot.join(tables);
}
