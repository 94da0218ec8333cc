import { optionalPackage } from '../../files/optional-package.ts';

export type Zeromq = typeof import('zeromq');

/** How often a connection is tried, in milliseconds, and after how long without an answer the other side is lost. */
export const liveness = { heartbeatInterval: 2000, heartbeatTimeout: 20_000, heartbeatTimeToLive: 20_000 };

/** A package of its own, as few need it; throws PACKAGE_MISSING. */
export async function loadZeromq(): Promise<Zeromq> {
  return await optionalPackage('Several replicas', 'zeromq', () => import('zeromq'));
}
