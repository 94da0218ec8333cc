import { networkInterfaces } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { packageVersion } from '../../files/package-version.ts';
import { telemetrySignals } from '../../options/telemetry-signals.ts';
import type { ServiceSettings } from '../../options/service-options.ts';
import { modelsToServe } from '../../models/models-to-serve.ts';
import { serve, type Serving } from '../../server/serve.ts';
import { feedbackOptions } from '../feedback-options.ts';
import { alarmOptions } from '../alarm-options.ts';
import { addServeOptions, serveSettings } from '../serve-options.ts';

const sample = fileURLToPath(new URL('../../../data/emnist-sample/images/digit-2.png', import.meta.url));

/** `serve`: the page and the API. */
export function serveCommand(): Command {
  const command = new Command('serve').description('serve the page and the API');
  return addServeOptions(command).action(async (flags) => await serveUntilStopped(serveSettings(flags)));
}

/** Serves, says where, and ends at Ctrl-C; throws PORT_UNAVAILABLE with its cure. */
export async function serveUntilStopped(options: ServiceSettings): Promise<void> {
  const { port, host, workers, threads, deadline, logLevel } = options;
  const serving = await serve({
    port,
    host,
    pool: {
      models: options.models ?? (await modelsToServe(options.licence)),
      adapters: options.adapters,
      licence: options.licence,
      languageModel: options.languageModel,
      workers,
      threads,
      maxBatch: options.maxBatch,
      maxDelayMs: options.maxDelay,
      maxQueue: options.maxQueue,
      deadlineMs: deadline,
    },
    server: {
      imageUrl: options.imageUrl,
      apiKeyHashes: options.apiKeyHashes,
      corsOrigins: options.corsOrigins,
      maxBodyBytes: options.maxBodies * 2 ** 20,
      drainMs: options.drain,
      requestsPerMinute: options.rateLimit,
      trustProxy: options.trustProxy,
      version: packageVersion(),
      logLevel,
      logAddresses: options.logAddresses,
    },
    feedback: feedbackOptions(options),
    telemetry: telemetrySignals(process.env),
    ...(options.monitoring && {
      monitoring: {
        metricsPort: options.metricsPort,
        expectedRunTime: options.expectedRunTime,
        folder: options.monitoringFolder,
        redis: options.monitoringRedis,
        referenceRequests: options.referenceRequests,
        alarms: alarmOptions(options),
      },
    }),
  });
  printAddresses(serving, options);
  await untilStopped();
  console.log('Stopping after the accepted requests are answered. Press Ctrl-C again to stop at once.');
  await serving.close();
}

/** Says where the service is, and a request that works as pasted. */
export function printAddresses(
  { port, models, metricsPort }: Serving,
  { host, apiKeyHashes }: Pick<ServiceSettings, 'host' | 'apiKeyHashes'>,
): void {
  const isOpen = host === '0.0.0.0' || host === '::';
  const name = isOpen ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const url = `http://${name}:${port}`;
  const elsewhere = isOpen
    ? networkAddresses().map((address) => `  From other devices: http://${address}:${port}`)
    : [];
  const near = relative('', sample);
  const file = near.startsWith('..') ? sample : near.replaceAll('\\', '/');
  // Only its owner knows the key.
  const key = apiKeyHashes === undefined ? '' : '-H "Authorization: Bearer $KEY" ';
  console.log(
    [
      `  Page:  ${url}`,
      `  API:   ${url}/v1  (described at ${url}/docs)`,
      ...elsewhere,
      ...(metricsPort === undefined ? [] : [`  Metrics: http://${name}:${metricsPort}/metrics`]),
      `  Models: ${models.join(', ')}`,
      'Try it:',
      `  curl ${key}-F "image=@${file}" ${url}/v1/predict`,
      'Ctrl-C stops it.',
    ].join('\n'),
  );
}

function networkAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
}

const stopSignals = ['SIGINT', 'SIGTERM'] as const;
/** npm passes on a Ctrl-C that the terminal has sent to this process, too: within this time, in milliseconds, it is one. */
const SAME_STOP_MS = 1000;

/** Resolves at the first Ctrl-C or SIGTERM; a second one later on ends the process as usual. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      resolve();
      setTimeout(() => stopSignals.forEach((signal) => process.off(signal, stop)), SAME_STOP_MS).unref();
    };
    for (const signal of stopSignals) process.on(signal, stop);
  });
}
