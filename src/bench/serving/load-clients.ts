import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadRequest } from './hostile-bodies.ts';

/** What became of the requests of some clients. */
export interface Sent {
  /** How often each status came; 0 is a connection that broke. */
  readonly statuses: Map<number, number>;
  /** How many answers with 503 did not say when to come again. */
  readonly withoutRetryAfter: number;
  /** Milliseconds that answers with 200 took. */
  readonly times: readonly number[];
}

interface LoadOptions {
  readonly clients: number;
  readonly seconds: number;
  /** What each waits between an answer and its next request; 0 by default. */
  readonly pauseMs?: number;
}

/** Clients that each send these requests in turn, the next one as soon as the last is answered or refused. */
export async function sendFromClients(
  url: string,
  requests: readonly LoadRequest[],
  { clients, seconds, pauseMs = 0 }: LoadOptions,
): Promise<Sent> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const statuses = new Map<number, number>();
  const times: number[] = [];
  let withoutRetryAfter = 0;
  const end = performance.now() + 1000 * seconds;
  const sendOn = async (client: number): Promise<void> => {
    for (let i = client; performance.now() < end; i++) {
      const { status, ms, retryAfter } = await post(url, requests[i % requests.length], agent);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 200) times.push(ms);
      if (status === 503 && retryAfter === undefined) withoutRetryAfter++;
      if (pauseMs > 0) await sleep(pauseMs);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => sendOn(client)));
  agent.destroy();
  return { statuses, withoutRetryAfter, times };
}

interface Answer {
  readonly status: number;
  readonly ms: number;
  readonly retryAfter?: string;
}

function post(url: string, { path, type, body }: LoadRequest, agent: Agent): Promise<Answer> {
  const started = performance.now();
  return new Promise((resolve) => {
    const end = (status: number, retryAfter?: string) =>
      resolve({ status, ms: performance.now() - started, retryAfter });
    const headers = { 'content-type': type, 'content-length': body.length };
    const asking = request(url + path, { method: 'POST', agent, headers }, (response) => {
      response.on('error', () => end(0));
      response.on('end', () => end(response.statusCode!, response.headers['retry-after'])).resume();
    });
    asking.on('error', () => end(0));
    asking.end(body);
  });
}
