import {
  oneOf,
  parseAddress,
  parseBoolean,
  parseFile,
  parseKeyHashes,
  parseList,
  parseMailAddresses,
  parseOrigins,
  parseText,
  parseTrustProxy,
  wholeNumber,
} from './parse-values.ts';

/** An option of the service: a flag of `serve` and `start`, and a variable, which serves Docker and AWS Lambda, too. */
export interface ServiceOption {
  /** The variable is `TEXT_RECOGNIZER_` and this. */
  readonly variable: string;
  /** As commander writes it; without a value it is on or off, and `--no-…` is the opposite. */
  readonly flag: string;
  readonly help: string;
  readonly parse: (text: string) => unknown;
  readonly default?: unknown;
  /** The default in words, where it depends on the machine or on another option. */
  readonly defaultHelp?: string;
  /** Whether it has an effect on AWS Lambda. */
  readonly lambda?: boolean;
}

/** What pino logs by. */
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Which models are served: all, or those that may be used commercially. */
const licences = ['any', 'free'] as const;

/** Every option of the service: the one table from which flags, variables, their help and docs/serving.md come. */
export const serviceOptions = {
  port: {
    variable: 'PORT',
    flag: '--port <number>',
    help: 'port to listen on; 0 picks a free one; PORT, which hosting platforms set, works too',
    parse: wholeNumber(0, 65_535),
    default: 8000,
  },
  host: {
    variable: 'HOST',
    flag: '--host <name>',
    help: 'address to listen on; 0.0.0.0 accepts other devices',
    parse: parseText,
    default: 'localhost',
  },
  models: {
    variable: 'MODELS',
    flag: '--model <model>',
    help: 'a model to serve; the first one reads when a request names no model; may be repeated',
    parse: parseList,
    defaultHelp: 'all but those of the course',
    lambda: true,
  },
  adapters: {
    variable: 'ADAPTERS',
    flag: '--adapter <file>',
    help: 'an adapter that `adapt` made, served as a separate model; the first one reads lines when a request names no model; may be repeated',
    parse: parseList,
    lambda: true,
  },
  licence: {
    variable: 'LICENCE',
    flag: '--licence <which>',
    help: 'free serves only models that may be used commercially, any serves all',
    parse: oneOf(licences),
    default: 'any',
    lambda: true,
  },
  languageModel: {
    variable: 'LANGUAGE_MODEL',
    flag: '--language-model <file>',
    help: 'the language model for lines; "no" serves without one, with about twice the errors',
    parse: parseFile,
    defaultHelp: 'the bundled one',
    lambda: true,
  },
  workers: {
    variable: 'WORKERS',
    flag: '--workers <number>',
    help: 'worker threads, each with its own copy of the models',
    parse: wholeNumber(1),
    defaultHelp: 'one per core',
  },
  threads: {
    variable: 'THREADS',
    flag: '--threads <number>',
    help: 'computing threads of each worker',
    parse: wholeNumber(1),
    default: 1,
    lambda: true,
  },
  maxBatch: {
    variable: 'MAX_BATCH',
    flag: '--max-batch <images>',
    help: 'largest number of images in a batch',
    parse: wholeNumber(1),
    default: 32,
  },
  maxDelay: {
    variable: 'MAX_DELAY',
    flag: '--max-delay <ms>',
    help: 'longest time that an image waits for others to join its batch',
    parse: wholeNumber(0),
    default: 2,
  },
  maxQueue: {
    variable: 'MAX_QUEUE',
    flag: '--max-queue <images>',
    help: 'largest number of waiting images; more are refused with 503',
    parse: wholeNumber(1),
    default: 256,
  },
  maxBodies: {
    variable: 'MAX_BODIES',
    flag: '--max-bodies <MiB>',
    help: 'memory limit for request bodies; more are refused with 503',
    parse: wholeNumber(1),
    default: 96,
  },
  deadline: {
    variable: 'DEADLINE',
    flag: '--deadline <ms>',
    help: 'time limit for one image, including waiting',
    parse: wholeNumber(1),
    default: 10_000,
  },
  drain: {
    variable: 'DRAIN',
    flag: '--drain <ms>',
    help: 'time limit for finishing requests at shutdown',
    parse: wholeNumber(0),
    default: 8000,
  },
  imageUrl: {
    variable: 'IMAGE_URL',
    flag: '--image-url',
    help: 'fetch images from public addresses (?image_url=)',
    parse: parseBoolean,
    default: false,
    lambda: true,
  },
  apiKeyHashes: {
    variable: 'API_KEY_HASHES',
    flag: '--api-key-hash <sha256>',
    help: 'SHA-256 of a key that grants access to the API; may be repeated',
    parse: parseKeyHashes,
    defaultHelp: 'open to all',
    lambda: true,
  },
  corsOrigins: {
    variable: 'CORS_ORIGINS',
    flag: '--cors-origin <origin>',
    help: 'a site whose pages may call the API; may be repeated',
    parse: parseOrigins,
    lambda: true,
  },
  rateLimit: {
    variable: 'RATE_LIMIT',
    flag: '--rate-limit <requests>',
    help: 'requests per minute from one address',
    parse: wholeNumber(1),
    defaultHelp: 'unlimited',
    lambda: true,
  },
  trustProxy: {
    variable: 'TRUST_PROXY',
    flag: '--trust-proxy [proxies]',
    help: 'proxies whose X-Forwarded-For is trusted: the number of proxies in front of the service, or their networks',
    parse: parseTrustProxy,
    defaultHelp: 'none',
    lambda: true,
  },
  monitoring: {
    variable: 'MONITORING',
    flag: '--monitoring',
    help: 'collect metrics for Prometheus at /metrics; pictures and texts are not kept',
    parse: parseBoolean,
    default: true,
    lambda: true,
  },
  metricsPort: {
    variable: 'METRICS_PORT',
    flag: '--metrics-port <number>',
    help: 'a separate port for /metrics, without API keys',
    parse: wholeNumber(0, 65_535),
    defaultHelp: "the service's port, with its keys",
  },
  expectedRunTime: {
    variable: 'EXPECTED_RUN_TIME',
    flag: '--expected-run-time <requests>',
    help: 'expected number of requests between two false alarms',
    parse: wholeNumber(1000),
    default: 250_000,
  },
  monitoringFolder: {
    variable: 'MONITORING_FOLDER',
    flag: '--monitoring-folder <folder>',
    help: 'a folder for monitoring statistics, which then survive a restart, and for references made from your own requests',
    parse: parseText,
    defaultHelp: 'nothing is kept',
  },
  monitoringRedis: {
    variable: 'MONITORING_REDIS',
    flag: '--monitoring-redis <address>',
    help: 'the Redis through which all instances of a service monitor their requests together: redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE] or rediss://; use the variable for a password, because other users can see flags',
    parse: parseAddress('redis', 'rediss'),
    defaultHelp: 'each judges its own',
  },
  referenceRequests: {
    variable: 'REFERENCE_REQUESTS',
    flag: '--reference-requests <number>',
    help: 'makes the reference of each model from this number of its first requests, in the monitoring folder',
    parse: wholeNumber(100, 100_000),
    defaultHelp: 'the reference that comes with the model',
  },
  alarmWebhook: {
    variable: 'ALARM_WEBHOOK',
    flag: '--alarm-webhook <url>',
    help: 'posts alarms of the monitoring to this address as JSON',
    parse: parseAddress('http', 'https'),
  },
  alarmSecretFile: {
    variable: 'ALARM_SECRET_FILE',
    flag: '--alarm-secret-file <file>',
    help: 'a file with the secret that signs the posted alarms (HMAC SHA-256)',
    parse: parseText,
    defaultHelp: 'not signed',
  },
  alarmMail: {
    variable: 'ALARM_MAIL',
    flag: '--alarm-mail <address>',
    help: 'mails alarms of the monitoring to this address; may be repeated',
    parse: parseMailAddresses,
  },
  alarmMailFrom: {
    variable: 'ALARM_MAIL_FROM',
    flag: '--alarm-mail-from <address>',
    help: 'the sender of the alarm mails',
    parse: parseText,
    defaultHelp: 'the first recipient',
  },
  smtp: {
    variable: 'SMTP',
    flag: '--smtp <url>',
    help: 'the server that sends these mails, smtp://USER:PASSWORD@HOST:PORT or smtps://; use the variable for a password, because other users can see flags',
    parse: parseAddress('smtp', 'smtps'),
  },
  feedback: {
    variable: 'FEEDBACK',
    flag: '--feedback <folder>',
    help: 'accepts corrections; pictures whose owners consent are kept in this folder, encrypted',
    parse: parseText,
    defaultHelp: 'nothing is kept',
  },
  feedbackKeyFile: {
    variable: 'FEEDBACK_KEY_FILE',
    flag: '--feedback-key-file <file>',
    help: 'a file with the key that encrypts the kept pictures: openssl rand -hex 32',
    parse: parseText,
  },
  feedbackDays: {
    variable: 'FEEDBACK_DAYS',
    flag: '--feedback-days <days>',
    help: 'days after which a kept picture is deleted',
    parse: wholeNumber(1),
    default: 90,
  },
  feedbackMax: {
    variable: 'FEEDBACK_MAX',
    flag: '--feedback-max <MiB>',
    help: 'disk space limit for kept pictures',
    parse: wholeNumber(1),
    default: 1024,
  },
  logAddresses: {
    variable: 'LOG_ADDRESSES',
    flag: '--log-addresses',
    help: 'log the address of each client',
    parse: parseBoolean,
    default: false,
    lambda: true,
  },
  logLevel: {
    variable: 'LOG_LEVEL',
    flag: '--log-level <level>',
    help: `lowest level to log (JSON lines): ${logLevels.join(', ')}`,
    parse: oneOf(logLevels),
    default: 'info',
    lambda: true,
  },
} as const satisfies Record<string, ServiceOption>;

type Table = typeof serviceOptions;
type ValueOf<Option extends ServiceOption> = ReturnType<Option['parse']>;

/** The options as they are set; what has no default may be undefined. */
export type ServiceSettings = {
  readonly [Key in keyof Table]: Table[Key] extends { readonly default: unknown }
    ? ValueOf<Table[Key]>
    : ValueOf<Table[Key]> | undefined;
};

/** The variable of an option. */
export function variableOf({ variable }: ServiceOption): string {
  return `TEXT_RECOGNIZER_${variable}`;
}
