import { Argument, Command } from 'commander';
import { downloadDataset, downloadableDatasets } from '../../datasets/sources/download-dataset.ts';
import { downloadProgress } from '../download-progress.ts';
import { dataRootOption } from '../options.ts';

/** `download DATASET`: fetches a data set from its official source, verified; resumes where an earlier call stopped. */
export function downloadCommand(): Command {
  const names = downloadableDatasets().map(({ name }) => name);
  return new Command('download')
    .description('download a data set from its official source and verify it')
    .addArgument(new Argument('<dataset>', 'the data set').choices(names))
    .addOption(dataRootOption())
    .action(async (name: string, { dataRoot }: { dataRoot: string }) => {
      for (const path of await downloadDataset(name, { root: dataRoot, onProgress: downloadProgress() }))
        console.log(path);
    });
}
