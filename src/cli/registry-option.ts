import { Option } from 'commander';
import { bundledModels } from '../models/model-store.ts';

/** `--registry`: where models are installed. */
export function registryOption(): Option {
  const help = 'the folder of models';
  return new Option('--registry <folder>', help).default(bundledModels, 'the bundled ones');
}
