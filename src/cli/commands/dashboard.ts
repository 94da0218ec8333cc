import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { createDashboard } from '../../experiments/dashboard/create-dashboard.ts';
import { openRunIndex } from '../../experiments/tracking/run-index.ts';
import { buildPage } from '../build-page.ts';
import { wholeNumber } from '../options.ts';
import { rootOption } from './experiments/run-options.ts';
import { untilStopped } from './serve.ts';

const builtPage = fileURLToPath(new URL('../../../web/dashboard/dist/', import.meta.url));

/** `dashboard`: all runs in the browser. */
export function dashboardCommand(): Command {
  return new Command('dashboard')
    .description('show all runs in the browser, only on this machine: curves, differences, parameters, progress')
    .addOption(rootOption())
    .option('--port <number>', 'the port to listen on; 0 picks a free one', wholeNumber(0, 65_535), 8100)
    .action(showDashboard);
}

async function showDashboard({ root, port }: { root: string; port: number }): Promise<void> {
  const index = await openRunIndex(root);
  await buildPage('dashboard');
  const app = await createDashboard(index, existsSync(builtPage) ? builtPage : undefined);
  await app.listen({ port, host: '127.0.0.1' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause;
    throw new TextRecognizerError('PORT_UNAVAILABLE', `Port ${port} is in use: choose another with --port.`, { cause });
  });
  const [address] = app.addresses() as AddressInfo[];
  console.log(`${index.runs.length} runs in ${root}: http://localhost:${address.port}\nCtrl-C stops it.`);
  await untilStopped();
  await app.close();
}
