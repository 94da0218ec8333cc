import { Command } from 'commander';
import { openRunIndex } from '../../../experiments/tracking/run-index.ts';
import type { RunSummary } from '../../../experiments/tracking/run-summary.ts';
import { bestOf, requireFields, runValue } from '../../../experiments/tracking/run-value.ts';
import { selectRuns, type Condition } from '../../../experiments/tracking/select-runs.ts';
import { formatFigure } from '../../../report/format-figure.ts';
import { formatTable } from '../../../report/format-table.ts';
import { wholeNumber } from '../../options.ts';
import { formatValue, rootOption, whereOption } from './run-options.ts';

interface ListOptions {
  readonly root: string;
  readonly where?: readonly Condition[];
  readonly sort?: string;
  readonly descending?: boolean;
  readonly columns?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `experiments list`: all runs in a table. */
export function listCommand(): Command {
  return new Command('list')
    .description('list runs, the newest first')
    .addOption(rootOption())
    .addOption(whereOption())
    .option('--sort <field>', 'sort by this metric, setting or column in ascending order')
    .option('--descending', 'with --sort: in descending order')
    .option('--columns <fields>', 'metrics, settings and columns to show, separated by commas')
    .option('--limit <number>', 'maximum number of runs to show', wholeNumber(1), 50)
    .option('--json', 'print JSON')
    .action(listRuns);
}

async function listRuns({ root, columns, limit, json, ...selection }: ListOptions): Promise<void> {
  const { runs } = await openRunIndex(root);
  const fields = columns?.split(',').map((field) => field.trim());
  const conditions = selection.where?.map(({ field }) => field) ?? [];
  requireFields(runs, [...(fields ?? []), ...conditions, ...(selection.sort === undefined ? [] : [selection.sort])]);
  const selected = selectRuns(runs, selection);
  const shown = selected.slice(0, limit);
  if (json)
    return console.log(
      JSON.stringify(
        shown.map((run) => jsonOf(run, fields)),
        null,
        2,
      ),
    );
  const rows = fields
    ? [['run', ...fields], ...shown.map((run) => [run.id, ...fields.map((field) => formatValue(runValue(run, field)))])]
    : [['run', 'state', 'network', 'epochs', 'best', 'started'], ...shown.map(usualRow)];
  for (const line of formatTable(rows)) console.log(line);
  if (shown.length < selected.length) console.log(`… ${selected.length - shown.length} more; see them with --limit.`);
}

function usualRow(run: RunSummary): string[] {
  const { id, state, network, log, monitor, started } = run;
  const best = monitor && bestOf(run, monitor.metric);
  const figure = best && monitor ? `${monitor.metric} ${formatFigure(best.value)}, epoch ${best.epoch}` : '';
  return [id, state, network, `${log.epoch}/${log.epochs}`, figure, formatValue(started)];
}

function jsonOf(run: RunSummary, fields: readonly string[] | undefined): object {
  if (fields) return Object.fromEntries(['run', ...fields].map((field) => [field, runValue(run, field) ?? null]));
  const { signature: _, log, ...rest } = run;
  const { bytes: _bytes, tail: _tail, ...progress } = log;
  return { ...rest, ...progress };
}
