import { Command } from 'commander';
import { compareRuns, type FieldOfRuns } from '../../../experiments/tracking/compare-runs.ts';
import { openRunIndex } from '../../../experiments/tracking/run-index.ts';
import { formatTable } from '../../../report/format-table.ts';
import { formatValue, rootOption } from './run-options.ts';

/** `experiments compare RUN RUN …`: in what runs differ. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('show the settings in which runs differ, and their metrics side by side')
    .argument('<run...>', 'two or more runs')
    .addOption(rootOption())
    .option('--json', 'print JSON')
    .action(async (ids: readonly string[], { root, json }: { root: string; json?: boolean }) => {
      const index = await openRunIndex(root);
      const runs = ids.map((id) => index.run(id));
      const comparison = compareRuns(runs);
      const names = runs.map(({ id }) => id);
      if (json) return console.log(JSON.stringify({ runs: names, ...comparison }, null, 2));
      const rows = [
        ...part('Settings that differ', comparison.settings),
        ...part('Metrics, each at its best epoch', comparison.metrics),
        ...part('Figures of the models', comparison.figures),
        ...part('Made with', comparison.environment),
      ];
      for (const line of formatTable([['', ...names], ...rows])) console.log(line);
    });
}

function part(title: string, fields: readonly FieldOfRuns[]): string[][] {
  if (fields.length === 0) return [];
  return [[title], ...fields.map(({ field, values }) => [`  ${field}`, ...values.map(formatValue)])];
}
