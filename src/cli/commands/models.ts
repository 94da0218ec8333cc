import { Command } from 'commander';
import { listModels } from '../../predictors/model-store.ts';
import { percent } from '../../report/percent.ts';

/** `models`: what is installed. */
export function modelsCommand(): Command {
  return new Command('models')
    .description('list the models that are installed, with their figures and licences')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const manifests = await listModels();
      if (json) return console.log(JSON.stringify(manifests, null, 2));
      for (const { name, description, parameters, multiplyAccumulates, file, licence, metrics } of manifests) {
        console.log(`${name}: ${description}`);
        console.log(
          `  ${(parameters / 1e6).toFixed(2)} M parameters, ${(multiplyAccumulates / 1e6).toFixed(1)} MMAC, ${(file.bytes / 1e6).toFixed(1)} MB, ${licence}`,
        );
        for (const [data, figures] of Object.entries(metrics)) console.log(`  ${data}: ${describe(figures)}`);
      }
    });
}

/** The figures that matter most, of characters or of lines. */
function describe({ count, lines, accuracy, accuracyCaseMerged, cer, wer }: Readonly<Record<string, number>>): string {
  if (cer !== undefined) return `${lines} lines, CER ${percent(cer, 2)}, WER ${percent(wer, 2)}`;
  return `${count} images, accuracy ${percent(accuracy, 2)}, case merged ${percent(accuracyCaseMerged, 2)}`;
}
