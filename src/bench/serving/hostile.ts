import { getPriority, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchmarkOptions, Figures } from '../measure.ts';
import { percentile } from '../percentile.ts';
import { cheapRequest, decodeRequests, jsonRequests, mixedRequests, type LoadRequest } from './hostile-bodies.ts';
import { sendFromClients, type Sent } from './load-clients.ts';
import { probeFromProcess } from './probe-from-process.ts';
import { withService, type Service } from './service.ts';

const clients = { mixed: 64, decode: 16, json: 32, cheap: 4 } as const;
const rounds = 3;
const probeMs = 20;
const cheapPauseMs = 100;
/** What the service has after each round before its memory is looked at. */
const restMs = 10_000;
const settlingSeconds = 5;
const settlingRounds = 6;
/** The clients stand for other machines, and should not take the processors of this one. */
const niceness = 10;

/**
 * Mixed bodies up to 17 MiB, images that are huge in memory and JSON that is hard to parse, all at once in three rounds, while four
 * clients send characters; and `/healthz` asked meanwhile.
 */
export async function benchHostile({ threads, seconds }: BenchmarkOptions): Promise<Figures> {
  const [cheap, mixed, decode] = await Promise.all([cheapRequest(), mixedRequests(), decodeRequests()]);
  const loads = { mixed, decode, json: jsonRequests(), cheap: [cheap] };
  return await withService(['--workers', String(threads)], async (service) => {
    const probes = Array.from({ length: rounds }, () => probeFromProcess(`${service.url}/healthz`, probeMs));
    // After the probes are started, which would otherwise measure how long they themselves wait for a processor.
    setPriority(Math.min(19, getPriority() + niceness));
    const resident = [await settledBytes(service, mixed)];
    const [sent, health] = [[] as Readonly<Record<string, Sent>>[], [] as number[]];
    for (const probe of probes) {
      const stop = probe.start();
      sent.push(await sendAll(service, loads, seconds / rounds));
      health.push(...(await stop()));
      await sleep(restMs);
      resident.push(await service.residentBytes());
    }
    return { ...describeAnswers(sent), ...describeHealth(health), ...(await describeMemory(service, resident)) };
  });
}

/** The memory once all threads have loaded their models and read with them: when it grows by less than 2 % in a round, or after six. */
async function settledBytes({ url, residentBytes }: Service, mixed: readonly LoadRequest[]): Promise<number> {
  for (let round = 1, before = 0; ; round++) {
    await sendFromClients(url, mixed, { clients: 4, seconds: settlingSeconds });
    const now = await residentBytes();
    if (now < 1.02 * before || round === settlingRounds) return now;
    before = now;
  }
}

type Loads = Readonly<Record<keyof typeof clients, Parameters<typeof sendFromClients>[1]>>;

async function sendAll({ url }: Service, loads: Loads, seconds: number): Promise<Record<string, Sent>> {
  const names = Object.keys(clients) as (keyof typeof clients)[];
  const all = names.map(async (name) => {
    const pauseMs = name === 'cheap' ? cheapPauseMs : 0;
    return [name, await sendFromClients(url, loads[name], { clients: clients[name], seconds, pauseMs })] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}

function describeAnswers(rounds: readonly Readonly<Record<string, Sent>>[]): Record<string, number> {
  const figures: Record<string, number> = {};
  const add = (name: string, count: number) => (figures[name] = (figures[name] ?? 0) + count);
  for (const [load, { statuses, withoutRetryAfter }] of rounds.flatMap((round) => Object.entries(round))) {
    for (const [status, count] of statuses) add(status === 0 ? `${load}Broken` : `${load}${status}`, count);
    const failures = [...statuses].filter(([status]) => status >= 500 && status !== 503);
    add('serverErrors', withoutRetryAfter + failures.reduce((sum, [, count]) => sum + count, 0));
  }
  const times = rounds.flatMap(({ cheap }) => cheap.times);
  return { ...figures, cheapMedianMs: percentile(times, 0.5), cheapP99Ms: percentile(times, 0.99) };
}

function describeHealth(times: readonly number[]): Figures {
  return {
    healthMedianMs: percentile(times, 0.5),
    healthP99Ms: percentile(times, 0.99),
    healthWorstMs: percentile(times, 1),
  };
}

async function describeMemory(service: Service, resident: readonly number[]): Promise<Figures> {
  const mebibytes = (bytes: number) => bytes / 2 ** 20;
  const afterRounds = resident.slice(1).map((bytes, i) => [`residentMiBAfter${i + 1}`, mebibytes(bytes)]);
  return {
    residentMiBAtFirst: mebibytes(resident[0]),
    residentMiBAtMost: mebibytes(await service.mostResidentBytes()),
    ...Object.fromEntries(afterRounds),
    growth: resident.at(-1)! / resident[0] - 1,
  };
}
