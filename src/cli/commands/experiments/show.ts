import { Command } from 'commander';
import { openRunIndex } from '../../../experiments/tracking/run-index.ts';
import type { RunSummary } from '../../../experiments/tracking/run-summary.ts';
import { bestOf, runValue } from '../../../experiments/tracking/run-value.ts';
import { formatDuration, formatFigure } from '../../../report/format-figure.ts';
import { formatTable } from '../../../report/format-table.ts';
import { formatValue, rootOption } from './run-options.ts';

/** `experiments show RUN`: all that is known of a run. */
export function showCommand(): Command {
  return new Command('show')
    .description('show the origin, state and results of a run')
    .argument('<run>', 'a run as `experiments list` names it, or its folder')
    .addOption(rootOption())
    .option('--json', 'print JSON')
    .action(async (id: string, { root, json }: { root: string; json?: boolean }) => {
      const run = (await openRunIndex(root)).run(id);
      if (json) return console.log(JSON.stringify(run, null, 2));
      for (const line of describe(run)) console.log(line);
    });
}

function describe(run: RunSummary): string[] {
  const { log, figures, settings } = run;
  const metrics = Object.entries(log.metrics).map(([metric, { last }]) => {
    const best = bestOf(run, metric);
    return [metric, formatValue(best?.value), best ? String(best.epoch) : '', formatValue(last)];
  });
  return [
    ...formatTable(facts(run)),
    ...section('Metrics', metrics.length === 0 ? [] : [['', 'best', 'in epoch', 'last'], ...metrics]),
    ...section(
      'Figures of the model',
      Object.entries(figures).map(([name, value]) => [name, formatFigure(value)]),
    ),
    ...section(
      'Settings',
      Object.entries(settings).map(([name, value]) => [name, formatValue(value)]),
    ),
  ];
}

function facts(run: RunSummary): string[][] {
  const { id, state, reason, log, record, stages, started, updated } = run;
  const seconds = runValue(run, 'seconds');
  const rows: (readonly [string, string | undefined])[] = [
    ['Run', id],
    ['State', reason === undefined ? state : `${state}: ${reason}`],
    ['Model', `${run.model} (${run.network})`],
    ['Epochs', `${log.epoch} of ${log.epochs}, ${log.step} of ${log.totalSteps} steps`],
    ['Started', started && formatValue(started)],
    ['Last sign', updated && formatValue(updated)],
    ['Took', typeof seconds === 'number' ? formatDuration(seconds) : undefined],
    ...(record?.copies ?? []).map(({ epoch, from, settings }) => {
      const values = Object.entries(settings).map(([field, value]) => `${field} ${value}`);
      return ['Copied', `after epoch ${epoch} from ${from}, with ${values.join(', ')}`] as const;
    }),
    ['Stages', stages.join(', ') || undefined],
    ['Commits', record?.commits.join(', ')],
    [
      'Software',
      record &&
        Object.entries(record.software)
          .map((entry) => entry.join(' '))
          .join(', '),
    ],
    [
      'Machine',
      record?.machine &&
        `${record.machine.cores} × ${record.machine.processor}, ${record.machine.memoryGiB} GiB, ${record.machine.platform}`,
    ],
    ...(record?.parents ?? []).map(
      ({ weights, sha256 }) => ['Began with', `${weights} (sha256 ${sha256.slice(0, 12)}…)`] as const,
    ),
  ];
  return rows.flatMap(([name, value]) => (value ? [[name, value]] : []));
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', title, ...formatTable(rows).map((line) => `  ${line}`)];
}
