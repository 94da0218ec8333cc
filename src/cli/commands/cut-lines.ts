import { basename } from 'node:path';
import { Command } from 'commander';
import { writeLinePack } from '../../datasets/sources/line-pack.ts';
import { cutPageLines } from '../../datasets/sources/pages/cut-page-lines.ts';
import { requireWritable } from '../../files/explain-write.ts';
import { skipBadOption } from '../options.ts';

interface CutLinesOptions {
  readonly output: string;
  readonly pages?: string;
  readonly skipBad?: boolean;
}

/** `cut-lines FOLDER`: makes a line pack of pages, to train or evaluate on. */
export function cutLinesCommand(): Command {
  return new Command('cut-lines')
    .description('cut the lines out of pages into a line pack, which train and evaluate take')
    .argument('<folder>', 'pages as NAME.jpg or NAME.png, each with NAME.json: { id, licence, width, height, lines }')
    .requiredOption('--output <prefix>', 'write PREFIX.bin.gz and PREFIX.json.gz')
    .option('--pages <beginning>', 'only pages whose names begin so')
    .addOption(skipBadOption())
    .action(async (folder: string, { output, pages, skipBad }: CutLinesOptions) => {
      await requireWritable(`${output}.bin.gz`);
      const isShown = process.stderr.isTTY;
      const onPage = (done: number, all: number) => {
        if (isShown) process.stderr.write(`\rpage ${done} of ${all}${done === all ? '\n' : ''}`);
      };
      const { dataset, licence, leftOut } = await cutPageLines(folder, {
        prefix: pages,
        name: basename(output),
        onPage,
        skipBad,
        onNotice: (message) => console.error(message),
      });
      await writeLinePack(output, dataset, licence);
      const all = dataset.length + leftOut;
      console.log(`${output}: ${dataset.length} of ${all} lines, licence: ${licence}`);
    });
}
