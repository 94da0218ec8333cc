import type { DrillResult, DrillRow } from './drill.ts';

/** A drill as `monitor drill --json` prints it. */
export interface DrillReport extends DrillResult {
  readonly model: string;
  readonly modelSha256: string;
  /** Whether the expected errors were fitted to the drill's lines; otherwise they are those of the model's reference. */
  readonly fittedErrors: boolean;
  readonly ordinaryPictures: number;
  readonly shiftedPictures: number;
  readonly seed: number;
}

const names: Readonly<Partial<Record<DrillRow['shift'], string>>> = {
  rotated: 'rotated by 3 to 7 degrees',
  'low-resolution': 'a fifth of the resolution',
  'other-script': 'mirrored',
  'other-language': 'French',
  'other-writers': 'other writers',
};

/** More than so far off is in bold. */
const GOAL = 0.05;

/** The table of a drill in Markdown, with the weights that it is of. */
export function drillTable({ rows, ordinary, ...report }: DrillReport): string {
  const head = [
    'traffic',
    'noticed after',
    'cause',
    'first signal',
    'expected CER (95 % interval)',
    'CER',
    'windows within',
  ];
  const cells = [
    ['ordinary', '', '', '', ...errorsOf(ordinary)],
    ...rows.map((row) => {
      const { shift, noticedAfter, cause = '', signal = '' } = row;
      const after = noticedAfter === undefined ? '**not**' : `${noticedAfter} requests`;
      const errors = shift === 'empty' ? ['', '', ''] : errorsOf(row);
      return [names[shift] ?? shift, after, cause, signal.replaceAll('-', ' '), ...errors];
    }),
  ];
  const lines = [head, head.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`);
  const errors = report.fittedErrors ? "fitted to the drill's lines" : "those of the model's reference";
  return [
    ...lines,
    '',
    `Weights \`${report.modelSha256.slice(0, 12)}\` of ${report.model}; expected errors are ${errors}. ${grouped(report.undisturbed)} undisturbed requests raised ${alarms(report.falseAlarms)}.`,
  ].join('\n');
}

function errorsOf({ expected, low, high, actual, coverage }: DrillResult['ordinary']): string[] {
  const mark = (text: string, isMissed: boolean) => (isMissed ? `**${text}**` : text);
  return [
    `${percent(expected)} (${(100 * low).toFixed(1)}–${percent(high)})`,
    mark(percent(actual), Math.abs(expected - actual) > GOAL),
    mark(`${Math.round(100 * coverage)} %`, coverage < 0.95),
  ];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const grouped = (count: number): string => count.toLocaleString('en-US');

function alarms(count: number): string {
  return count === 0 ? 'no alarm' : `${count} false alarm${count === 1 ? '' : 's'}`;
}
