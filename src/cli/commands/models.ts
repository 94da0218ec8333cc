import { Command } from 'commander';
import type { ModelManifest } from '../../models/model-manifest.ts';
import { listModels } from '../../models/model-store.ts';
import { percent } from '../../report/percent.ts';
import { printTable } from '../print-table.ts';
import { compareCommand } from './models-compare.ts';
import { historyCommand } from './models-history.ts';
import { promoteCommand } from './models-promote.ts';
import { pullCommand } from './models-pull.ts';
import { pushCommand } from './models-push.ts';
import { rollbackCommand } from './models-rollback.ts';

/** `models`: what is installed, and what is done with it. */
export function modelsCommand(): Command {
  return new Command('models')
    .description(
      'list the installed models with their figures and licences; promote, compare, roll back and share models',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const manifests = await listModels();
      if (json) return console.log(JSON.stringify(manifests, null, 2));
      printTable([['NAME', 'READS', 'PARAMETERS', 'SIZE', 'FIGURE', 'LICENCE'], ...manifests.map(rowOf)]);
    })
    .addCommand(promoteCommand())
    .addCommand(compareCommand())
    .addCommand(rollbackCommand())
    .addCommand(historyCommand())
    .addCommand(pushCommand())
    .addCommand(pullCommand());
}

function rowOf({ name, kind, parameters, file, metrics, licence }: ModelManifest): string[] {
  const figure = Object.entries(metrics).find(([data]) => data !== 'validation');
  return [
    name,
    `${kind}s`,
    `${(parameters / 1e6).toFixed(2)} M`,
    `${(file.bytes / 1e6).toFixed(1)} MB`,
    figure === undefined ? '' : `${describe(figure[1])} on ${figure[0]}`,
    licence,
  ];
}

/** The figure that matters most, of characters, of lines, or of lines that are found. */
function describe({ accuracy, cer, f1 }: Readonly<Record<string, number>>): string {
  if (f1 !== undefined) return `F1 ${percent(f1, 2)}`;
  return cer === undefined ? `accuracy ${percent(accuracy, 2)}` : `CER ${percent(cer, 2)}`;
}
