import { spawnSync } from 'node:child_process';
import { freeNetwork, ip } from './free-network.ts';
import { NetworkPath } from './network-path.ts';
import { RedisServer } from './redis-server.ts';

const NAME = `runs${process.pid}`;

/** As far as networks go, a machine of its own. */
export interface Machine {
  /** Where it reaches Redis. */
  readonly redis: string;
  /** What a command line begins with to run there. */
  readonly prefix: readonly string[];
  cutOff(): void;
  reconnect(): void;
}

/** A Redis that keeps all it was told, and machines that reach it. */
export interface MachineRoom {
  readonly redis: RedisServer;
  readonly machines: readonly Machine[];
  close(): Promise<void>;
}

/**
 * Machines in network namespaces of their own, with a cable each to one switch; where there can be none, which is said, each has a way to Redis
 * that can be cut.
 */
export async function openMachineRoom(count: number): Promise<MachineRoom> {
  const reason = whyNoNamespaces();
  if (reason === undefined) return await roomOfNamespaces(count);
  console.warn(`Without network namespaces, as ${reason}: connections are cut instead of cables.`);
  return await roomOfPaths(count);
}

function whyNoNamespaces(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has them';
  if (process.getuid?.() !== 0) return 'they need root';
  if (spawnSync('ip', ['-V']).status !== 0) return 'there is no command ip (Debian: apt-get install iproute2)';
  const canMake =
    spawnSync('ip', ['netns', 'add', NAME]).status === 0 &&
    spawnSync('ip', ['link', 'add', NAME, 'type', 'bridge']).status === 0;
  spawnSync('ip', ['link', 'del', NAME]);
  spawnSync('ip', ['netns', 'del', NAME]);
  return canMake ? undefined : 'this machine allows none';
}

async function roomOfNamespaces(count: number): Promise<MachineRoom> {
  const network = freeNetwork();
  ip('link', 'add', NAME, 'type', 'bridge');
  ip('address', 'add', `${network}.1/24`, 'dev', NAME);
  ip('link', 'set', NAME, 'up');
  const redis = await RedisServer.start('--bind', '127.0.0.1', `${network}.1`, '--protected-mode', 'no');
  const machines = Array.from({ length: count }, (_, i) => ({
    redis: `redis://${network}.1:${redis.port}`,
    ...addMachine(i, `${network}.${i + 2}/24`),
  }));
  return {
    redis,
    machines,
    async close() {
      // A cable goes with the namespace that holds one of its ends.
      for (const i of machines.keys()) ip('netns', 'del', `${NAME}-${i}`);
      ip('link', 'del', NAME);
      await redis.close();
    },
  };
}

function addMachine(index: number, address: string): Omit<Machine, 'redis'> {
  const namespace = `${NAME}-${index}`;
  const cable = `${NAME}.${index}`;
  ip('netns', 'add', namespace);
  ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'lan', 'netns', namespace);
  ip('link', 'set', cable, 'master', NAME, 'up');
  ip('-n', namespace, 'address', 'add', address, 'dev', 'lan');
  for (const device of ['lan', 'lo']) ip('-n', namespace, 'link', 'set', device, 'up');
  return {
    prefix: ['ip', 'netns', 'exec', namespace],
    cutOff: () => ip('link', 'set', cable, 'down'),
    reconnect: () => ip('link', 'set', cable, 'up'),
  };
}

async function roomOfPaths(count: number): Promise<MachineRoom> {
  const redis = await RedisServer.start();
  const paths = await Promise.all(Array.from({ length: count }, () => NetworkPath.to(redis.port)));
  return {
    redis,
    machines: paths.map((path) => ({
      redis: `redis://127.0.0.1:${path.port}`,
      prefix: [],
      cutOff: () => path.cut(),
      reconnect: () => path.mend(),
    })),
    async close() {
      for (const path of paths) path.close();
      await redis.close();
    },
  };
}
