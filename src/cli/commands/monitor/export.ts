import { Command } from 'commander';
import { readKey } from '../../../server/feedback/sealed-file.ts';
import { exportFeedback } from '../../monitoring/export-feedback.ts';

interface ExportFlags {
  readonly feedback: string;
  readonly feedbackKeyFile: string;
  readonly output: string;
  readonly licence: string;
}

/** `monitor export`: corrections as a data set. */
export function exportCommand(): Command {
  return new Command('export')
    .description('make a data set of corrected lines, for train, evaluate and adapt')
    .requiredOption('--feedback <folder>', 'the folder given to serve --feedback')
    .requiredOption('--feedback-key-file <file>', 'the file with the encryption key')
    .requiredOption(
      '--output <prefix>',
      'the line pack to write, PREFIX.bin.gz and PREFIX.json.gz; it is not encrypted',
    )
    .option('--licence <text>', 'the use that the owners have consented to', 'private: for this service only')
    .action(async ({ feedback, feedbackKeyFile, output, licence }: ExportFlags) => {
      const summary = await exportFeedback({ folder: feedback, key: await readKey(feedbackKeyFile), output, licence });
      const { lines, leftOut, errorRate, wrongLines, expectedWrongLines } = summary;
      console.log(`${lines} lines are in ${output}.bin.gz and ${output}.json.gz.`);
      if (leftOut > 0) console.log(`${leftOut} pictures were left out: their texts have other lines than were found.`);
      console.log(`Character error rate: ${percent(errorRate)}.`);
      console.log(
        `Lines misread: ${percent(wrongLines)}; expected by their confidences: ${percent(expectedWrongLines)}.`,
      );
    });
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
