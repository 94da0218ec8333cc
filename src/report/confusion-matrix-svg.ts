import { TextRecognizerError } from '../errors.ts';
import { escapeXml } from '../text/escape-xml.ts';
import { element, label, svgDocument } from './svg.ts';

export interface ConfusionMatrix {
  readonly title: string;
  readonly classes: readonly string[];
  /** `counts[truth][prediction]`, whole numbers. */
  readonly counts: readonly ArrayLike<number>[];
}

const MARGIN = { left: 62, top: 74, right: 116, bottom: 56 };
/** Shares of a row from this up have a colour of their own; it grows by the logarithm, so that rare errors show. */
const FAINTEST_SHARE = 0.001;
const STYLE = `
.right { fill: #0072b2; }
.wrong { fill: #d55e00; }
.frame { fill: none; stroke: #59636e; }
text.class { font-size: 10px; }
text.count { font-size: 10px; }
text.strong { fill: #ffffff; }
@media (prefers-color-scheme: dark) {
  .right { fill: #56b4e9; }
  .wrong { fill: #ff8a3d; }
  text.strong { fill: #0d1117; }
}`;

/**
 * Draws a confusion matrix as one SVG file that needs nothing else: truth down, prediction across, every row coloured
 * by its shares, blue where right and orange where wrong; pointing at a cell tells its count.
 */
export function confusionMatrixSvg({ title, classes, counts }: ConfusionMatrix): string {
  requireSquare(classes, counts);
  const cell = Math.max(11, Math.min(36, Math.floor(720 / classes.length)));
  const side = cell * classes.length;
  const totals = counts.map((row) => Array.from(row).reduce((sum, count) => sum + count, 0));
  const all = totals.reduce((sum, total) => sum + total, 0);
  const right = counts.reduce((sum, row, i) => sum + row[i], 0);
  const subtitle = `${all.toLocaleString('en')} samples, ${percent(all > 0 ? right / all : 0)} on the diagonal`;
  const { left, top } = MARGIN;
  return svgDocument(left + side + MARGIN.right, top + side + MARGIN.bottom, STYLE, [
    label(title, { class: 'title', x: left, y: 24 }),
    label(subtitle, { class: 'quiet', x: left, y: 44 }),
    ...counts.flatMap((row, truth) => cells(row, truth, totals[truth], classes, cell)),
    element('rect', { class: 'frame', x: left, y: top, width: side, height: side }),
    ...classes.flatMap((name, i) => classLabels(name, i, cell, side)),
    label('prediction', { class: 'quiet', x: left + side / 2, y: top + side + 44, 'text-anchor': 'middle' }),
    label('truth', {
      class: 'quiet',
      'text-anchor': 'middle',
      transform: `translate(20 ${top + side / 2}) rotate(-90)`,
    }),
    ...scale(left + side + 44, top),
  ]);
}

function requireSquare(classes: readonly string[], counts: readonly ArrayLike<number>[]): void {
  const square = counts.length === classes.length && counts.every((row) => row.length === classes.length);
  const whole = counts.every((row) => Array.from(row).every((count) => Number.isSafeInteger(count) && count >= 0));
  if (classes.length > 0 && square && whole) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `A confusion matrix of ${classes.length} classes needs ${classes.length} rows of as many whole numbers ≥ 0; ` +
      `got rows of ${counts.map((row) => row.length).join(', ') || 'none'}.`,
  );
}

function cells(
  row: ArrayLike<number>,
  truth: number,
  total: number,
  classes: readonly string[],
  cell: number,
): string[] {
  return Array.from(row).flatMap((count, prediction) => {
    if (count === 0) return [];
    const place = { x: MARGIN.left + cell * prediction, y: MARGIN.top + cell * truth };
    const share = count / total;
    const tip = `${classes[truth]} read as ${classes[prediction]}: ${count} of ${total} (${percent(share)})`;
    const color = {
      class: prediction === truth ? 'right' : 'wrong',
      'fill-opacity': opacity(share),
      width: cell,
      height: cell,
    };
    const square = element('rect', { ...place, ...color }, element('title', {}, escapeXml(tip)));
    if (cell < 28) return [square];
    const middle = {
      x: place.x + cell / 2,
      y: place.y + cell / 2 + 4,
      'text-anchor': 'middle',
      class: opacity(share) > 0.7 ? 'count strong' : 'count',
    };
    return [square, label(String(count), middle)];
  });
}

/** 0.08 for the faintest share to 1 for a whole row. */
function opacity(share: number): number {
  const height = Math.max(0, 1 - Math.log(share) / Math.log(FAINTEST_SHARE));
  return 0.08 + 0.92 * height;
}

function classLabels(name: string, index: number, cell: number, side: number): string[] {
  const shown = name.trim() === '' ? '␣' : name;
  const along = cell * (index + 0.5);
  const { left, top } = MARGIN;
  const row = { class: 'class', y: top + along + 3.5 };
  const column = { class: 'class', x: left + along, 'text-anchor': 'middle' };
  return [
    label(shown, { ...row, x: left - 6, 'text-anchor': 'end' }),
    label(shown, { ...row, x: left + side + 6 }),
    label(shown, { ...column, y: top - 6 }),
    label(shown, { ...column, y: top + side + 14 }),
  ];
}

/** The legend: what share each shade stands for. */
function scale(x: number, top: number): string[] {
  return [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001].flatMap((share, i) => {
    const y = top + 18 * i;
    const square = { y, width: 12, height: 18, 'fill-opacity': opacity(share) };
    return [
      element('rect', { class: 'right', x, ...square }),
      element('rect', { class: 'wrong', x: x + 12, ...square }),
      label(percent(share), { class: 'quiet', x: x + 30, y: y + 13 }),
    ];
  });
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
