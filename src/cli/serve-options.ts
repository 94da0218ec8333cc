import { type Command, Option } from 'commander';
import { collect, threadsOption, wholeNumber } from './options.ts';

/** The options of a command that serves. */
export interface ServeCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly model?: readonly string[];
  readonly workers?: number;
  readonly threads?: number;
  readonly maxBatch: number;
  readonly maxDelay: number;
  readonly maxQueue: number;
  readonly maxBodies: number;
  readonly deadline: number;
  readonly drain: number;
  readonly imageUrl?: boolean;
  readonly apiKeyHash?: readonly string[];
  readonly corsOrigin?: readonly string[];
  readonly rateLimit?: number;
  readonly trustProxy?: boolean;
  readonly logLevel: string;
}

/** Adds the options of the page and the API to a command; most can be given by the environment, too. */
export function addServeOptions(command: Command, { logLevel }: { logLevel: string }): Command {
  const env = (flags: string, description: string, name: string) =>
    new Option(flags, description).env(`TEXT_RECOGNIZER_${name}`);
  const number = (flags: string, description: string, name: string, minimum: number) =>
    env(flags, description, name).argParser(wholeNumber(minimum));
  const port = env('--port <number>', 'port to listen on; 0 takes any that is free', 'PORT');
  return command
    .addOption(port.argParser(wholeNumber(0, 65_535)).default(8000))
    .addOption(env('--host <name>', 'where to listen; 0.0.0.0 lets other devices in', 'HOST').default('localhost'))
    .option(
      '--model <model>',
      'a model to serve, the first is the default; may be repeated (default: all but those of the course)',
      collect,
    )
    .addOption(number('--workers <number>', 'threads that hold the models (default: one per core)', 'WORKERS', 1))
    .addOption(threadsOption().default(1))
    .addOption(number('--max-batch <images>', 'most images read together', 'MAX_BATCH', 1).default(32))
    .addOption(number('--max-delay <ms>', 'most time an image waits for others', 'MAX_DELAY', 0).default(2))
    .addOption(number('--max-queue <images>', 'most images that wait; others get 503', 'MAX_QUEUE', 1).default(256))
    .addOption(
      number('--max-bodies <MiB>', 'most memory for bodies of requests; others get 503', 'MAX_BODIES', 1).default(256),
    )
    .addOption(number('--deadline <ms>', 'most time for one image, waiting included', 'DEADLINE', 1).default(10_000))
    .addOption(number('--drain <ms>', 'most time to end requests under way when it stops', 'DRAIN', 0).default(8000))
    .addOption(env('--image-url', 'fetch images from public addresses (?image_url=)', 'IMAGE_URL'))
    .option('--api-key-hash <sha256>', 'SHA-256 of a key that opens the API; may be repeated', collect)
    .option('--cors-origin <origin>', 'a site whose pages may call the API; may be repeated', collect)
    .addOption(number('--rate-limit <requests>', 'most requests a minute from one address', 'RATE_LIMIT', 1))
    .addOption(env('--trust-proxy', 'believe X-Forwarded-For', 'TRUST_PROXY'))
    .addOption(env('--log-level <level>', 'least level of the log (JSON lines)', 'LOG_LEVEL').default(logLevel));
}
