import { execFileSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';

/** Networks that are kept for tests and documentation (RFC 2544, RFC 5737). */
const NETWORKS = ['198.18.44', '203.0.113', '198.51.100', '192.0.2'];

/** A network that this machine is not in yet: container hosts use them, too. */
export function freeNetwork(): string {
  const taken = Object.values(networkInterfaces()).flatMap((interfaces) => interfaces?.map(({ address }) => address));
  const free = NETWORKS.find((network) => !taken.some((address) => address?.startsWith(`${network}.`)));
  if (free === undefined) throw new Error(`All networks for tests are taken here: ${NETWORKS.join(', ')}.`);
  return free;
}

/** Runs the command `ip`, which needs root. */
export function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
