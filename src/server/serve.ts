import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { TextRecognizerError } from '../errors.ts';
import { yieldOtherThreads } from './pool/yield-priority.ts';
import { RecognizerPool, type RecognizerPoolOptions } from './pool/recognizer-pool.ts';
import type { ServerOptions } from './http/server-options.ts';
import type { AlarmNotifier } from './alarms/alarm-notifier.ts';
import type { AlarmOptions } from './alarms/start-alarms.ts';
import type { Feedback, FeedbackOptions } from './feedback/feedback.ts';
import type { MetricsServer } from './monitoring/metrics-server.ts';
import type { Monitor } from './monitoring/monitor.ts';
import type { Redis } from 'ioredis';
import type { Telemetry } from './telemetry/telemetry.ts';
import type { TelemetrySignals } from '../options/telemetry-signals.ts';

export interface ServeOptions {
  readonly port: number;
  /** The name or address to listen on; `0.0.0.0` for all networks of this machine. */
  readonly host: string;
  readonly pool: RecognizerPoolOptions;
  readonly server?: ServerOptions;
  /** Whether readings are measured and counted, and where the counts are; by default they are not. */
  readonly monitoring?: MonitoringOptions;
  /** Whether corrections are taken, and where they are kept; by default they are not. */
  readonly feedback?: FeedbackOptions;
  /** What is sent to an OpenTelemetry collector, which its standard variables name; nothing by default. */
  readonly telemetry?: TelemetrySignals;
}

export interface MonitoringOptions {
  /** A port of its own for `/metrics`, without a key; by default it is on the service's port, with its keys. */
  readonly metricsPort?: number;
  /** Requests between two false alarms; default 250,000. */
  readonly expectedRunTime?: number;
  /** Keeps statistics over a restart, and references of one's own requests. */
  readonly folder?: string;
  /** The address of a Redis where instances share what they compare. */
  readonly redis?: string;
  /** Makes references of so many of each model's first requests. */
  readonly referenceRequests?: number;
  /** Where alarms are sent; by default nowhere. */
  readonly alarms?: AlarmOptions;
}

/** A service that listens; `close` answers what it accepted, then ends it. */
export interface Serving {
  readonly port: number;
  readonly models: readonly string[];
  /** Where `/metrics` is, where it has a port of its own. */
  readonly metricsPort?: number;
  close(): Promise<void>;
}

/** Where the page is once it is built. */
const builtPage = fileURLToPath(new URL('../../web/dist/', import.meta.url));
const builtDashboard = fileURLToPath(new URL('../../web/monitor/dist/', import.meta.url));

/**
 * Loads the models on threads and listens; throws PORT_UNAVAILABLE, INVALID_ARGUMENT, MODEL_NOT_FOUND, MODEL_INVALID or
 * CHECKSUM_MISMATCH.
 */
export async function serve({
  port,
  host,
  pool: poolOptions,
  server,
  monitoring,
  feedback,
  telemetry: signals,
}: ServeOptions): Promise<Serving> {
  yieldOtherThreads();
  // One thread loads the models while this one loads Fastify; more would take the cores from both.
  const starting = RecognizerPool.start({ ...poolOptions, workers: 1, measure: monitoring !== undefined });
  starting.catch(() => {});
  const { createServer } = await import('./http/create-server.ts');
  const pool = await starting;
  const closing = async (error: unknown): Promise<never> => {
    await pool.close();
    throw error;
  };
  const { metricsPort, alarms: alarmOptions } = monitoring ?? {};
  const monitor = monitoring && (await startMonitor(pool, poolOptions.models, monitoring).catch(closing));
  const alarms = monitor && alarmOptions && (await sendAlarms(monitor, monitoring).catch(closing));
  const metrics = metricsPort === undefined ? monitor?.registry : undefined;
  const corrections = feedback && (await takeCorrections(feedback, monitor).catch(closing));
  const telemetry = signals && (await startTelemetry(signals, monitor, server?.version).catch(closing));
  const options = {
    pageFolder: builtPage,
    watcher: monitor,
    tracing: telemetry?.tracing,
    feedback: corrections,
    metrics,
    dashboard: monitor && (() => monitor.dashboard()),
    dashboardFolder: builtDashboard,
    ...server,
  };
  const app = await createServer(pool, options).catch(closing);
  let metricsServer: MetricsServer | undefined;
  const close = async (): Promise<void> => {
    await app.close();
    // Not in hooks, which run before the last answers are sent: these count, too.
    await metricsServer?.close();
    corrections?.close();
    await alarms?.close();
    await monitor?.close();
    await telemetry?.close();
  };
  try {
    if (monitor && metricsPort !== undefined) metricsServer = await serveMetrics(monitor, metricsPort, host);
    await listen(app, port, host);
  } catch (error) {
    await close();
    throw error;
  }
  pool.grow(poolOptions.workers ?? availableParallelism());
  const [address] = app.addresses() as AddressInfo[];
  const names = pool.models.map(({ manifest }) => manifest.name);
  return { port: address.port, models: names, metricsPort: metricsServer?.port, close };
}

/** Loaded only where it is wanted. */
async function startMonitor(
  pool: RecognizerPool,
  models: readonly string[],
  { expectedRunTime, folder, redis, referenceRequests }: MonitoringOptions,
): Promise<Monitor> {
  const { Monitor } = await import('./monitoring/monitor.ts');
  const watched = pool.models.map(({ manifest }, i) => ({ source: models[i], manifest }));
  const warn = (message: string): void => console.error(message);
  return await Monitor.start(watched, {
    waiting: () => pool.waiting,
    expectedRunTime,
    folder,
    redis: redis === undefined ? undefined : await connectRedis(redis),
    referenceRequests,
    warn,
  });
}

/** Its package is loaded only where it is wanted. A Redis that is away when the service starts is no reason not to. */
async function connectRedis(address: string): Promise<Redis> {
  const { openSharedRedis } = await import('./monitoring/open-shared-redis.ts');
  return await openSharedRedis(address);
}

/** Loaded only where it is wanted, too. */
async function takeCorrections(options: FeedbackOptions, monitor: Monitor | undefined): Promise<Feedback> {
  const { Feedback } = await import('./feedback/feedback.ts');
  const feedback = await Feedback.start(options);
  if (monitor) feedback.count(monitor.registry);
  return feedback;
}

/** Loaded only where it is wanted, as well. */
async function sendAlarms(monitor: Monitor, { alarms = {}, folder }: MonitoringOptions): Promise<AlarmNotifier> {
  const { startAlarms } = await import('./alarms/start-alarms.ts');
  return await startAlarms(monitor, alarms, { folder, warn: (message) => console.error(message) });
}

/** Its packages are not installed where it is not wanted. */
async function startTelemetry(
  signals: TelemetrySignals,
  monitor: Monitor | undefined,
  version = '0.0.0',
): Promise<Telemetry> {
  const { Telemetry } = await import('./telemetry/telemetry.ts');
  const warn = (message: string): void => console.error(message);
  return await Telemetry.start(signals, { version, registry: monitor?.registry, warn });
}

/** Loaded only where it has a port of its own. */
async function serveMetrics(monitor: Monitor, port: number, host: string): Promise<MetricsServer> {
  const { startMetricsServer } = await import('./monitoring/metrics-server.ts');
  return await startMetricsServer(monitor.registry, port, host).catch((cause: unknown) => {
    throw portError(port, host, cause, '--metrics-port');
  });
}

async function listen(app: FastifyInstance, port: number, host: string): Promise<void> {
  try {
    await app.listen({ port, host });
  } catch (cause) {
    throw portError(port, host, cause);
  }
}

function portError(port: number, host: string, cause: unknown, flag = '--port'): unknown {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const other = `${flag} ${port === 65_535 ? 8000 : port + 1}`;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} is in use by another program. Stop it, or choose another port: ${other} (npm start -- ${other}).`,
    EACCES: `Port ${port} is reserved for the system's administrator. Choose one from 1024 on: ${flag} 8000.`,
    EADDRNOTAVAIL: `This machine has no network address ${host}. Use --host localhost, or --host 0.0.0.0 for all.`,
    ENOTFOUND: `There is no host '${host}'. Use --host localhost, or --host 0.0.0.0 for all networks.`,
  };
  return code in reasons ? new TextRecognizerError('PORT_UNAVAILABLE', reasons[code], { cause }) : cause;
}
