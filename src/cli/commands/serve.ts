import { networkInterfaces } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { TextRecognizerError } from '../../errors.ts';
import { listModels } from '../../predictors/model-store.ts';
import { serve, type Serving } from '../../server/serve.ts';
import { collect, threadsOption, wholeNumber } from '../options.ts';
import { packageVersion } from '../../files/package-version.ts';

interface ServeCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly model?: readonly string[];
  readonly workers?: number;
  readonly threads?: number;
  readonly maxBatch: number;
  readonly maxDelay: number;
  readonly maxQueue: number;
  readonly deadline: number;
  readonly imageUrl?: boolean;
  readonly apiKeyHash?: readonly string[];
  readonly corsOrigin?: readonly string[];
  readonly rateLimit?: number;
  readonly trustProxy?: boolean;
  readonly logLevel: string;
}

const sample = fileURLToPath(new URL('../../../data/emnist-sample/images/digit-2.png', import.meta.url));

/** `serve`: the page and the API. */
export function serveCommand(): Command {
  const env = (flags: string, description: string, name: string) =>
    new Option(flags, description).env(`TEXT_RECOGNIZER_${name}`);
  const number = (flags: string, description: string, name: string, minimum: number) =>
    env(flags, description, name).argParser(wholeNumber(minimum));
  return new Command('serve')
    .description('serve the page and the API')
    .addOption(number('--port <number>', 'port to listen on; 0 takes any that is free', 'PORT', 0).default(8000))
    .addOption(env('--host <name>', 'where to listen; 0.0.0.0 lets other devices in', 'HOST').default('localhost'))
    .option('--model <model>', 'a model to serve, the first is the default; may be repeated (default: all)', collect)
    .addOption(number('--workers <number>', 'threads that hold the models (default: one per core)', 'WORKERS', 1))
    .addOption(threadsOption().default(1))
    .addOption(number('--max-batch <images>', 'most images read together', 'MAX_BATCH', 1).default(32))
    .addOption(number('--max-delay <ms>', 'most time an image waits for others', 'MAX_DELAY', 0).default(2))
    .addOption(number('--max-queue <images>', 'most images that wait; others get 503', 'MAX_QUEUE', 1).default(256))
    .addOption(number('--deadline <ms>', 'most time for one image, waiting included', 'DEADLINE', 1).default(10_000))
    .addOption(env('--image-url', 'fetch images from public addresses (?image_url=)', 'IMAGE_URL'))
    .option('--api-key-hash <sha256>', 'SHA-256 of a key that opens the API; may be repeated', collect)
    .option('--cors-origin <origin>', 'a site whose pages may call the API; may be repeated', collect)
    .addOption(number('--rate-limit <requests>', 'most requests a minute from one address', 'RATE_LIMIT', 1))
    .addOption(env('--trust-proxy', 'believe X-Forwarded-For', 'TRUST_PROXY'))
    .addOption(env('--log-level <level>', 'least level of the log (JSON lines)', 'LOG_LEVEL').default('info'))
    .action(runServe);
}

async function runServe(options: ServeCommandOptions): Promise<void> {
  const { port, host, workers, threads, deadline, logLevel } = options;
  const serving = await serve({
    port,
    host,
    pool: {
      models: options.model ?? (await bundledNames()),
      workers,
      threads,
      maxBatch: options.maxBatch,
      maxDelayMs: options.maxDelay,
      maxQueue: options.maxQueue,
      deadlineMs: deadline,
    },
    server: {
      imageUrl: options.imageUrl,
      apiKeyHashes: options.apiKeyHash,
      corsOrigins: options.corsOrigin,
      requestsPerMinute: options.rateLimit,
      trustProxy: options.trustProxy,
      version: packageVersion(),
      logLevel,
    },
  });
  printAddresses(serving, host);
  await untilStopped();
  console.log('Stopping: what was accepted is still answered. Ctrl-C again ends at once.');
  await serving.close();
}

/** All bundled models, the best of them first. */
export async function bundledNames(): Promise<string[]> {
  const names = (await listModels()).map(({ name }) => name);
  if (names.length === 0)
    throw new TextRecognizerError('MODEL_NOT_FOUND', 'No model is bundled here; name one with --model.');
  const best = 'character-cnn';
  return names.includes(best) ? [best, ...names.filter((name) => name !== best)] : names;
}

/** Says where the service is, and a request that works as pasted. */
export function printAddresses({ port, models }: Serving, host: string): void {
  const isOpen = host === '0.0.0.0' || host === '::';
  const name = isOpen ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const url = `http://${name}:${port}`;
  const elsewhere = isOpen
    ? networkAddresses().map((address) => `  From other devices: http://${address}:${port}`)
    : [];
  const near = relative('', sample);
  const file = near.startsWith('..') ? sample : near.replaceAll('\\', '/');
  console.log(
    [
      `  Page:  ${url}`,
      `  API:   ${url}/v1  (described at ${url}/docs)`,
      ...elsewhere,
      `  Models: ${models.join(', ')}`,
      'Try it:',
      `  curl -F "image=@${file}" ${url}/v1/predict`,
      'Ctrl-C stops it.',
    ].join('\n'),
  );
}

function networkAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
}

/** Resolves at the first Ctrl-C or SIGTERM; a second one ends the process as usual. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
