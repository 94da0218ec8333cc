import { Command } from 'commander';
import { pushModel } from '../../experiments/promotion/share-model.ts';
import { registryOption } from '../registry-option.ts';

/** `models push NAME PLACE`: copies the installed model to where other machines find it. */
export function pushCommand(): Command {
  return new Command('push')
    .description('copy an installed model to a shared folder or to S3')
    .argument('<name>', 'the name of a model')
    .argument('<place>', 's3://BUCKET/PREFIX, or a folder')
    .addOption(registryOption())
    .action(async (name: string, place: string, { registry }: { readonly registry: string }) => {
      const digest = await pushModel(registry, name, place);
      console.log(`Pushed ${name} (${digest}) to ${place}.`);
    });
}
