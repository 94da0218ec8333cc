import { Command } from 'commander';
import { pushModel } from '../../experiments/promotion/share-model.ts';
import { registryOption } from '../registry-option.ts';

/** `models push NAME PLACE`: copies the installed model to where other machines find it. */
export function pushCommand(): Command {
  return new Command('push')
    .description('copy an installed model to a shared folder, S3, or the registry of an MLflow server')
    .argument('<name>', 'the name of a model')
    .argument('<place>', 'a folder, s3://BUCKET/PREFIX, or mlflow: (the server of MLFLOW_TRACKING_URI)')
    .addOption(registryOption())
    .action(async (name: string, place: string, { registry }: { readonly registry: string }) => {
      const digest = await pushModel(registry, name, place);
      console.log(`Pushed ${name} (${digest}) to ${place}.`);
    });
}
