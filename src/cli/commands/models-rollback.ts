import { Command } from 'commander';
import { rollbackModel } from '../../experiments/promotion/model-registry.ts';
import { wholeNumber } from '../options.ts';
import { registryOption } from '../registry-option.ts';

/** `models rollback NAME`: installs the former version again. */
export function rollbackCommand(): Command {
  return new Command('rollback')
    .description('install the previous version of a model again')
    .argument('<name>', 'the name of a model')
    .option('--to <version>', 'another version that `models history` lists', wholeNumber(1))
    .addOption(registryOption())
    .action(async (name: string, { to, registry }: { readonly to?: number; readonly registry: string }) => {
      const { version, digest } = await rollbackModel(registry, name, to);
      console.log(`Installed version ${version} of ${name} (${digest.slice(0, 12)}).`);
    });
}
