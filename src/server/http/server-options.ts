import type { TrustProxy } from '../../options/parse-values.ts';
import type { Feedback } from '../feedback/feedback.ts';
import type { DashboardAnswer } from '../monitoring/dashboard-answer.ts';
import type { MetricsSource } from '../monitoring/metrics-server.ts';
import type { ReadingWatcher } from '../monitoring/reading-watcher.ts';
import type { RequestTracing } from '../telemetry/request-tracing.ts';
import type { FetchImageOptions } from './fetch-image.ts';

/** What a deployment decides; everything has a default that is safe to put on a network. */
export interface ServerOptions {
  /** Most bytes of one image; default 16 MiB. */
  readonly maxBytes?: number;
  /** Most images of one batch request; default 32. */
  readonly maxBatchImages?: number;
  /**
   * Most bytes that the bodies of all requests hold together, from their arrival to the answer; more is refused with
   * OVERLOADED. Default 96 MiB; a batch of the largest images must fit.
   */
  readonly maxBodyBytes?: number;
  /** Milliseconds for a request to arrive whole; default 30,000. */
  readonly requestTimeoutMs?: number;
  /** Milliseconds that requests under way have once the service is told to stop; default 8,000, less than `docker stop` waits. */
  readonly drainMs?: number;
  /** Whether `?image_url=` fetches images, and how; off by default. */
  readonly imageUrl?: boolean | FetchImageOptions;
  /** SHA-256 of the keys that open `/v1`, in hexadecimal; without any, it is open to all. */
  readonly apiKeyHashes?: readonly string[];
  /** Origins of other sites whose pages may call the API, such as `https://example.org`; none by default. */
  readonly corsOrigins?: readonly string[];
  /** Most requests to `/v1` in a minute by one address; unlimited by default. */
  readonly requestsPerMinute?: number;
  /** Proxies whose `X-Forwarded-For` is trusted: how many are in front of the service, or their networks; default none. */
  readonly trustProxy?: TrustProxy;
  /** Folder of the built page; a plain form replaces it when there is none. */
  readonly pageFolder?: string;
  /** Serves `/docs` and `/openapi.json`; default true. */
  readonly docs?: boolean;
  /** Of the API's description; default `0.0.0`. */
  readonly version?: string;
  /** Is told of everything that is read and answered. */
  readonly watcher?: ReadingWatcher;
  /** Traces requests. */
  readonly tracing?: RequestTracing;
  /** Takes corrections; without it there is no such route. */
  readonly feedback?: Feedback;
  /** What `GET /metrics` serves, behind the keys where there are any; without it there is no such route. */
  readonly metrics?: MetricsSource;
  /** What `GET /v1/monitor` answers, behind the keys; without it there is no such route, nor the page for it. */
  readonly dashboard?: () => DashboardAnswer;
  /** Folder of the built dashboard, at `/monitor/`; it holds no data, and needs no key. */
  readonly dashboardFolder?: string;
  /** Least level of the log, JSON lines on standard output; default `info`, `silent` for none. */
  readonly logLevel?: string;
  /** Whether the log names the address of each client; default false. */
  readonly logAddresses?: boolean;
  /** Where the log goes instead. */
  readonly logStream?: { write(line: string): void };
}

type Optional =
  | 'requestsPerMinute'
  | 'pageFolder'
  | 'watcher'
  | 'tracing'
  | 'feedback'
  | 'metrics'
  | 'dashboard'
  | 'dashboardFolder'
  | 'logStream';

/** The options with their defaults. */
export type ServerSettings = ReturnType<typeof serverSettings>;

/** Fills in the defaults. */
export function serverSettings(options: ServerOptions = {}) {
  return {
    maxBytes: 16 * 2 ** 20,
    maxBatchImages: 32,
    maxBodyBytes: 96 * 2 ** 20,
    requestTimeoutMs: 30_000,
    drainMs: 8000,
    imageUrl: false,
    apiKeyHashes: [],
    corsOrigins: [],
    requestsPerMinute: undefined,
    trustProxy: false,
    pageFolder: undefined,
    watcher: undefined,
    tracing: undefined,
    feedback: undefined,
    metrics: undefined,
    dashboard: undefined,
    dashboardFolder: undefined,
    docs: true,
    version: '0.0.0',
    logLevel: 'info',
    logAddresses: false,
    logStream: undefined,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  } as Required<Omit<ServerOptions, Optional>> & Pick<ServerOptions, Optional>;
}
