/** How processes that train one network together, each with its share of every batch, add up what they have computed. */
export interface ReplicaExchange {
  /** Of this process, from 0. */
  readonly rank: number;
  readonly count: number;
  /** Replaces the numbers by their sums over all replicas, the same bytes in each. Throws REPLICA_LOST when one is gone. */
  sum(vector: Float32Array): Promise<void>;
}

/** Where a training begins: all that the others must know of it. */
export interface ReplicaStart {
  readonly epoch: number;
  readonly stepInEpoch: number;
  readonly step: number;
  readonly state: ReadonlyMap<string, Float32Array>;
}
