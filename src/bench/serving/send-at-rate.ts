import { request } from 'node:http';

/** What became of one request. */
export interface Sent {
  /** 0 where the connection broke. */
  readonly status: number;
  readonly ms: number;
}

/**
 * Posts bodies in turn at a constant rate, whether answers come or not, as clients do who know nothing of each other. Resolves
 * when all have been answered.
 */
export async function sendAtRate(
  url: string,
  bodies: readonly Buffer[],
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Sent[]> {
  const count = Math.round(perSecond * seconds);
  const started = performance.now();
  return await new Promise((resolve) => {
    const sent: Promise<Sent>[] = [];
    const timer = setInterval(() => {
      const due = Math.min(count, Math.floor((perSecond * (performance.now() - started)) / 1000));
      while (sent.length < due) sent.push(post(url, bodies[sent.length % bodies.length]));
      if (sent.length < count) return;
      clearInterval(timer);
      resolve(Promise.all(sent));
    }, 5);
  });
}

function post(url: string, body: Buffer): Promise<Sent> {
  const started = performance.now();
  return new Promise((resolve) => {
    const end = (status: number) => resolve({ status, ms: performance.now() - started });
    const headers = { 'content-type': 'image/jpeg', 'content-length': body.length };
    const asking = request(url, { method: 'POST', headers }, (response) => {
      response.on('error', () => end(0));
      response.on('end', () => end(response.statusCode!)).resume();
    });
    asking.on('error', () => end(0));
    asking.end(body);
  });
}
