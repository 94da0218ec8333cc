import type { Session } from '../runtime/session.ts';

/** A few held-out items, to see what the network reads in them as it learns. */
export interface Samples {
  /** What is written in each, `[items]`. */
  readonly texts: readonly string[];
  /** PNG of each, dark ink on white. */
  pictures(): Promise<readonly Uint8Array[]>;
  /** What a session of the serving graph reads in each. */
  read(session: Session): Promise<readonly string[]>;
}

/** At most `count` indices below `length`, evenly spread. */
export function spreadIndices(length: number, count: number): number[] {
  const chosen = Math.min(length, count);
  return Array.from({ length: chosen }, (_, i) => Math.floor((i * length) / chosen));
}
