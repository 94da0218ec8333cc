import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeNetwork, ip } from '../../tests/support/free-network.ts';
import { chromiumPath } from './browser.ts';

const NAME = `page-${process.pid}`;

/** A network of its own, joined to this one by a cable: a browser in it sees this machine as one of its LAN. */
export interface NetworkNamespace {
  /** This machine, as seen from there. */
  readonly address: string;
  /** A program that starts Chromium there. */
  readonly chromium: string;
  close(): Promise<void>;
}

/** Why there can be no network namespace here; undefined where there can. */
export function whyNoNetworkNamespace(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has network namespaces.';
  if (process.getuid?.() !== 0) return 'a network namespace needs root.';
  if (spawnSync('ip', ['-V']).status !== 0) return 'there is no command ip; install iproute2.';
  const isAllowed = spawnSync('ip', ['netns', 'add', NAME]).status === 0;
  if (isAllowed) ip('netns', 'del', NAME);
  return isAllowed ? undefined : 'this machine allows no network namespace.';
}

export async function openNetworkNamespace(): Promise<NetworkNamespace> {
  const cable = `page${process.pid}`;
  const network = freeNetwork();
  ip('netns', 'add', NAME);
  ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'lan', 'netns', NAME);
  ip('address', 'add', `${network}.1/30`, 'dev', cable);
  ip('link', 'set', cable, 'up');
  ip('-n', NAME, 'address', 'add', `${network}.2/30`, 'dev', 'lan');
  ip('-n', NAME, 'link', 'set', 'lan', 'up');
  ip('-n', NAME, 'link', 'set', 'lo', 'up');
  const folder = await mkdtemp(join(tmpdir(), 'page-lan-'));
  const chromium = join(folder, 'chromium');
  await writeFile(chromium, `#!/bin/sh\nexec ip netns exec ${NAME} '${chromiumPath}' "$@"\n`);
  await chmod(chromium, 0o755);
  return {
    address: `${network}.1`,
    chromium,
    async close() {
      // The cable goes with the namespace that holds one of its ends.
      ip('netns', 'del', NAME);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
