import { Command, Option } from 'commander';
import { rankRuns, type BestOptions } from '../../../experiments/tracking/best-runs.ts';
import { openRunIndex } from '../../../experiments/tracking/run-index.ts';
import { requireFields } from '../../../experiments/tracking/run-value.ts';
import { selectRuns, type Condition } from '../../../experiments/tracking/select-runs.ts';
import { TextRecognizerError } from '../../../errors.ts';
import { formatFigure } from '../../../report/format-figure.ts';
import { formatTable } from '../../../report/format-table.ts';
import { wholeNumber } from '../../options.ts';
import { rootOption, whereOption } from './run-options.ts';

interface BestCommandOptions extends BestOptions {
  readonly root: string;
  readonly where?: readonly Condition[];
  readonly limit: number;
  readonly json?: boolean;
}

/** `experiments best [GROUP]`: runs by a metric. */
export function bestCommand(): Command {
  return new Command('best')
    .description('show the best runs by a metric')
    .argument('[group]', 'only runs in this folder of the root')
    .addOption(rootOption())
    .addOption(whereOption())
    .option(
      '--metric <name>',
      'a metric, or a figure of finished models (default: the metric that selects their best epoch)',
    )
    .addOption(
      new Option('--mode <mode>', 'whether less or more is better (default: by the metric)').choices(['min', 'max']),
    )
    .option('--limit <number>', 'maximum number of runs to show', wholeNumber(1), 5)
    .option('--json', 'print JSON')
    .action(showBest);
}

async function showBest(group: string | undefined, options: BestCommandOptions): Promise<void> {
  const { root, where, limit, json } = options;
  const { runs } = await openRunIndex(root);
  const inGroup = group === undefined ? runs : runs.filter(({ id }) => id.startsWith(`${group.replace(/\/+$/, '')}/`));
  requireFields(
    runs,
    (where ?? []).map(({ field }) => field),
  );
  const selected = selectRuns(inGroup, { where });
  if (selected.length === 0) {
    const place = group === undefined ? root : `${root}/${group}`;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `There are no such runs in ${place}; list all runs with: experiments list.`,
    );
  }
  const { metric, ranking } = rankRuns(selected, options);
  const shown = ranking.slice(0, limit);
  if (json)
    return console.log(
      JSON.stringify(
        shown.map(({ run, value }) => ({ run: run.id, metric, value, state: run.state })),
        null,
        2,
      ),
    );
  const rows = shown.map(({ run, value }) => [run.id, formatFigure(value), run.state]);
  for (const line of formatTable([['run', metric, 'state'], ...rows])) console.log(line);
}
