import autocannon, { type Result } from 'autocannon';
import { LinePredictor } from '../../reading/line-predictor.ts';
import type { BenchmarkOptions, Figures } from '../measure.ts';
import { percentile } from '../percentile.ts';
import { photographedLines } from './photographed-lines.ts';
import { LatencyProbe } from './probe-latency.ts';
import { sendAtRate } from './send-at-rate.ts';
import { withService } from './service.ts';

const model = 'line-recognizer';
const clients = 64;
const probeMs = 20;
/** An overload asks for this many times what the service can do. */
const overload = 4;
const deadlineMs = 10_000;

/** 64 clients that each send photographs of lines one after the other, and /healthz asked meanwhile. */
export async function benchServing({ threads, seconds }: BenchmarkOptions): Promise<Figures> {
  const images = await photographedLines();
  const inProcess = await predictInProcess(images, threads, Math.min(seconds, 10));
  return await withService(['--model', model, '--workers', String(threads)], async (service) => {
    await send(service.url, images, { connections: clients, duration: 5 });
    const probe = new LatencyProbe(`${service.url}/healthz`, probeMs);
    const result = await send(service.url, images, { connections: clients, duration: seconds });
    const health = await probe.stop();
    const itemsPerSecond = result['2xx'] / result.duration;
    return {
      itemsPerSecond,
      inProcessPerSecond: inProcess,
      ofInProcess: itemsPerSecond / inProcess,
      ...statusCounts(result),
      medianMs: result.latency.p50,
      p99Ms: result.latency.p99,
      healthMedianMs: percentile(health, 0.5),
      healthP99Ms: percentile(health, 0.99),
      residentMiB: (await service.residentBytes()) / 2 ** 20,
    };
  });
}

/** Four times as many requests as the service can answer, at a constant rate. */
export async function benchOverload({ threads, seconds }: BenchmarkOptions): Promise<Figures> {
  const images = await photographedLines();
  const args = ['--model', model, '--workers', String(threads), '--deadline', String(deadlineMs)];
  return await withService(args, async (service) => {
    const able = await send(service.url, images, { connections: clients, duration: 10 });
    const capacity = able['2xx'] / able.duration;
    const probe = new LatencyProbe(`${service.url}/healthz`, probeMs);
    const perSecond = overload * capacity;
    const sent = await sendAtRate(`${service.url}/v1/predict`, images, { perSecond, seconds });
    const health = await probe.stop();
    const count = (wanted: number) => sent.filter(({ status }) => status === wanted).length;
    const accepted = sent.filter(({ status }) => status === 200).map(({ ms }) => ms);
    return {
      itemsPerSecond: accepted.length / seconds,
      capacityPerSecond: capacity,
      askedPerSecond: perSecond,
      status200: accepted.length,
      status503: count(503),
      others: sent.length - accepted.length - count(503),
      acceptedMedianMs: percentile(accepted, 0.5),
      acceptedP99Ms: percentile(accepted, 0.99),
      deadlineMs,
      healthP99Ms: percentile(health, 0.99),
    };
  });
}

/** What the predictor reads in a second in this process, two images under way, with as many threads. */
async function predictInProcess(images: readonly Buffer[], threads: number, seconds: number): Promise<number> {
  const predictor = await LinePredictor.load({ model, threads });
  for (const image of images) await predictor.predict(image);
  let count = 0;
  const started = performance.now();
  const end = started + 1000 * seconds;
  const readOn = async () => {
    while (performance.now() < end) await predictor.predict(images[count++ % images.length]);
  };
  await Promise.all([readOn(), readOn()]);
  const itemsPerSecond = (1000 * count) / (performance.now() - started);
  await predictor.close();
  return itemsPerSecond;
}

async function send(
  url: string,
  images: readonly Buffer[],
  options: Pick<autocannon.Options, 'connections' | 'duration'>,
): Promise<Result> {
  return await autocannon({
    url: `${url}/v1/predict`,
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    requests: images.map((body) => ({ body })),
    timeout: 30,
    ...options,
  });
}

function statusCounts(result: Result): Figures {
  const { statusCodeStats = {} } = result as Result & { statusCodeStats?: Record<string, { count: number }> };
  const counts = Object.entries(statusCodeStats).map(([status, { count }]) => [`status${status}`, count]);
  return { ...(Object.fromEntries(counts) as Figures), connectionErrors: result.errors, timeouts: result.timeouts };
}
