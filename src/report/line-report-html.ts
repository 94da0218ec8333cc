import { type Confusion, countConfusions } from '../text/count-confusions.ts';
import { editOperations } from '../text/edit-operations.ts';
import { lengthBand, type LineMetrics, lineMetrics, lineMetricsBy, type LineReading } from '../text/error-rates.ts';
import { LINE_REPORT_STYLE } from './line-report-style.ts';
import type { ExampleLines } from './select-examples.ts';
import { escapeXml } from '../text/escape-xml.ts';

/** What an evaluation report of lines shows. */
export interface LineReport {
  readonly title: string;
  /** Name and value of what should be known: model, decoder, date, hardware. */
  readonly facts: readonly (readonly [string, string])[];
  readonly readings: readonly LineReading[];
  readonly examples: ExampleLines;
  /** Data URIs of the lines' images, by index; lines without one are shown as text only. */
  readonly images: ReadonlyMap<number, string>;
  /** Learning curves as an SVG file, as of `lineChartsSvg`. */
  readonly curves?: string;
}

const mostConfusions = 48;
const confusionTables = 3;
const mostWriters = 60;

/** A report as one HTML file that loads nothing from elsewhere and follows the reader's light or dark scheme. */
export function lineReportHtml(report: LineReport): string {
  const { title, readings, examples } = report;
  const sections = [
    summary(report),
    report.curves === undefined ? '' : section('Training', svgImage(report.curves, 'Learning curves')),
    exampleSection('Worst lines', examples.worst, report),
    exampleSection('Random lines', examples.random, report),
    exampleSection('Best lines', examples.best, report),
    section('Confusions', confusionTable(countConfusions(readings))),
    section('By length in characters', rateTable('length', lineMetricsBy(readings, lengthBand))),
    groupSection('By data set', 'data set', readings, ({ dataset }) => dataset),
    groupSection('By writer', 'writer', readings, ({ writer }) => writer),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title>
<style>${LINE_REPORT_STYLE}</style>
</head>
<body>
<h1>${escapeXml(title)}</h1>
${sections.filter(Boolean).join('\n')}
</body>
</html>
`;
}

function summary({ facts, readings }: LineReport): string {
  const metrics = lineMetrics(readings);
  const figures = [
    [
      'Character error rate',
      percent(metrics.cer.rate),
      `${metrics.cer.edits} edits in ${metrics.cer.length} characters`,
    ],
    ['Word error rate', percent(metrics.wer.rate), `${metrics.wer.edits} edits in ${metrics.wer.length} words`],
    ['Mean line accuracy', percent(metrics.meanLineAccuracy), 'mean of 1 − distance / length'],
    ['Lines without an error', percent(metrics.exact), `of ${metrics.lines} lines`],
  ].map(([name, value, note]) => `<div class="figure"><dt>${name}</dt><dd>${value}</dd><small>${note}</small></div>`);
  const rows = facts.map(([name, value]) => `<tr><th>${escapeXml(name)}</th><td>${escapeXml(value)}</td></tr>`);
  const table = rows.length === 0 ? '' : `<table class="facts">${rows.join('')}</table>`;
  return `<dl class="figures">${figures.join('')}</dl>\n${table}`;
}

function exampleSection(heading: string, indices: readonly number[], report: LineReport): string {
  if (indices.length === 0) return '';
  const legend = [
    '<span class="key substitution">read as another</span>',
    '<span class="key deletion">missed</span>',
    '<span class="key insertion">read though not there</span>',
  ];
  const figures = indices.map((index) => example(report.readings[index], report.images.get(index)));
  return section(heading, `<p class="legend">target above, output below: ${legend.join(' ')}</p>${figures.join('\n')}`);
}

function example(reading: LineReading, image: string | undefined): string {
  const { cer } = lineMetrics([reading.reference === '' ? { ...reading, reference: ' ' } : reading]);
  const about = [
    `CER ${percent(cer.rate)}`,
    reading.id,
    reading.dataset,
    reading.writer === undefined ? undefined : `writer ${reading.writer}`,
  ].filter((part) => part !== undefined);
  const picture = image === undefined ? '' : `<img src="${escapeXml(image)}" alt="${escapeXml(reading.reference)}">`;
  return `<figure>${picture}
<div class="alignment">${alignment(reading)}</div>
<figcaption>${escapeXml(about.join(' · '))}</figcaption></figure>`;
}

/** One column per operation: what was written above what was read. */
function alignment({ reference, hypothesis }: LineReading): string {
  const operations = editOperations([...reference.normalize('NFC')], [...hypothesis.normalize('NFC')]);
  return operations
    .map(({ kind, reference = '', hypothesis = '' }) => {
      if (kind === 'match' && reference === ' ') return '<span class="gap"> </span>';
      return `<span class="${kind}"><b>${shown(reference)}</b><i>${shown(hypothesis)}</i></span>`;
    })
    .join('');
}

function confusionTable(confusions: readonly Confusion[]): string {
  if (confusions.length === 0) return '<p>None: every line was read without an error.</p>';
  const rows = confusions.slice(0, mostConfusions).map(({ reference, hypothesis, count, share }) => {
    const kind = reference === '' ? 'insertion' : hypothesis === '' ? 'deletion' : 'substitution';
    const of = share === undefined ? '' : percent(share);
    return `<tr><td class="sign ${kind}">${shown(reference)}</td><td class="sign ${kind}">${shown(hypothesis)}</td>
<td class="number">${count}</td><td class="number">${of}</td></tr>`;
  });
  const head = '<tr><th>written</th><th>read</th><th class="number">times</th><th class="number">share</th></tr>';
  const perTable = Math.ceil(rows.length / confusionTables);
  const tables = Array.from({ length: confusionTables }, (_, i) => rows.slice(i * perTable, (i + 1) * perTable))
    .filter((part) => part.length > 0)
    .map((part) => `<table>${head}${part.join('')}</table>`);
  return `<p class="legend">share: of all times the character was written</p><div class="side">${tables.join('')}</div>`;
}

function groupSection(
  heading: string,
  kind: string,
  readings: readonly LineReading[],
  groupOf: (reading: LineReading) => string | undefined,
): string {
  const grouped = readings.filter((reading) => groupOf(reading) !== undefined);
  if (grouped.length === 0) return '';
  const groups = [...lineMetricsBy(grouped, (reading) => groupOf(reading) ?? '')];
  const hardestFirst = groups.sort(([, a], [, b]) => b.cer.rate - a.cer.rate);
  const left = hardestFirst.length - mostWriters;
  const note = left > 0 ? `<p>and ${left} more with lower error rates</p>` : '';
  return section(heading, rateTable(kind, hardestFirst.slice(0, mostWriters)) + note);
}

/** Error rates of groups, each with a bar; the longest bar is the highest rate. */
function rateTable(kind: string, groups: Iterable<readonly [string, LineMetrics]>): string {
  const all = [...groups];
  const highest = Math.max(...all.map(([, { cer }]) => cer.rate), 1e-9);
  const rows = all.map(([name, { lines, cer, wer }]) => {
    const bar = `<div class="bar" style="width:${((100 * cer.rate) / highest).toFixed(1)}%"></div>`;
    return `<tr><th>${escapeXml(name)}</th><td class="number">${lines}</td><td class="number">${percent(cer.rate)}</td>
<td class="track">${bar}</td><td class="number">${percent(wer.rate)}</td></tr>`;
  });
  const numbers = ['lines', 'CER'].map((name) => `<th class="number">${name}</th>`).join('');
  const head = `<tr><th>${kind}</th>${numbers}<th></th><th class="number">WER</th></tr>`;
  return `<table class="rates">${head}${rows.join('')}</table>`;
}

function section(heading: string, content: string): string {
  return `<section><h2>${heading}</h2>${content}</section>`;
}

/** The SVG as an image of its own, so that neither's styles touch the other. */
function svgImage(svg: string, alt: string): string {
  return `<img class="curves" alt="${alt}" src="data:image/svg+xml,${encodeURIComponent(svg)}">`;
}

function shown(character: string): string {
  if (character === '') return '·';
  return character === ' ' ? '␣' : escapeXml(character);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
