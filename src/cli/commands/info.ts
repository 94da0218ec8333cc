import { availableParallelism, cpus } from 'node:os';
import { Command } from 'commander';
import * as ort from 'onnxruntime-node';
import { channelBlock } from '../../runtime/channel-block.ts';
import { checkModels } from '../check-models.ts';
import { packageVersion } from '../../files/package-version.ts';

/** `info`: what a bug report should contain. */
export function infoCommand(): Command {
  return new Command('info')
    .description('print versions, providers, threads, and which models can be loaded')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const info = {
        'text-recognizer': packageVersion(),
        node: process.version,
        'onnxruntime-node': ort.env.versions.node ?? 'unknown',
        platform: `${process.platform} ${process.arch}`,
        processor: cpus()[0]?.model ?? 'unknown',
        threads: availableParallelism(),
        providers: ort.listSupportedBackends().map(({ name }) => name),
        channelBlock: await channelBlock(),
        ...(await checkModels()),
      };
      if (json) return console.log(JSON.stringify(info));
      const { unusableModels, ...usable } = info;
      for (const [name, value] of Object.entries(usable))
        console.log(`${name.padEnd(18)}${Array.isArray(value) ? value.join(', ') : value}`);
      for (const [name, reason] of Object.entries(unusableModels))
        console.log(`The model '${name}' cannot be loaded: ${reason}`);
    });
}
