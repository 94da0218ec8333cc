import { Command } from 'commander';
import { installedVersion } from '../../experiments/promotion/model-registry.ts';
import { listVersions } from '../../experiments/promotion/version-record.ts';
import { printTable } from '../print-table.ts';
import { registryOption } from '../registry-option.ts';

/** `models history NAME`: the versions that are kept. */
export function historyCommand(): Command {
  return new Command('history')
    .description('list the kept versions of a model')
    .argument('<name>', 'the name of a model')
    .option('--json', 'print JSON, including the checks of each version')
    .addOption(registryOption())
    .action(runHistory);
}

async function runHistory(
  name: string,
  { registry, json }: { readonly registry: string; readonly json?: boolean },
): Promise<void> {
  const versions = await listVersions(registry, name);
  if (json) return console.log(JSON.stringify(versions, null, 2));
  const installed = await installedVersion(registry, name, versions);
  printTable([
    ['VERSION', 'ADDED', 'DIGEST', 'FROM', ''],
    ...versions.map((version) => [
      String(version.version),
      version.added.slice(0, 16).replace('T', ' '),
      version.digest.slice(0, 12),
      version.source ?? '',
      version === installed ? 'installed' : '',
    ]),
  ]);
}
