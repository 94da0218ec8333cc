import { Command } from 'commander';
import { pullModel } from '../../experiments/promotion/share-model.ts';
import { registryOption } from '../registry-option.ts';

interface PullFlags {
  readonly digest?: string;
  readonly registry: string;
}

/** `models pull NAME PLACE`: installs a model that was pushed, and keeps the former. */
export function pullCommand(): Command {
  return new Command('pull')
    .description('install a model from a shared folder, S3, or the registry of an MLflow server')
    .argument('<name>', 'the name of a model')
    .argument('<place>', 'a folder, s3://BUCKET/PREFIX, or mlflow: (the server of MLFLOW_TRACKING_URI)')
    .option('--digest <digest>', 'the digest that `models push` printed (default: that of the last model)')
    .addOption(registryOption())
    .action(async (name: string, place: string, { digest, registry }: PullFlags) => {
      const pulled = await pullModel(registry, name, place, digest);
      console.log(`Installed version ${pulled.version} of ${name} (${pulled.digest.slice(0, 12)}) from ${place}.`);
    });
}
