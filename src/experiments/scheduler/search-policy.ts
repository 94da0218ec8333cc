import type { GroupRun } from './group-run.ts';

/** Decides which runs of a group are trained how far, by comparing them while they are trained. */
export interface SearchPolicy {
  /** Reads what another scheduler has decided, and how the runs stand. */
  takeUp(): Promise<void>;
  /** Reads how a run stands whose attempt has just ended. */
  record(run: GroupRun): Promise<void>;
  /** Does what is to be done between the attempts of runs, once none of them is running. */
  settle(): Promise<void>;
  /** The run to go on with; undefined where there is nothing to do before a running one is done. */
  next(): GroupRun | undefined;
  /** The epoch that a run pauses after; undefined for its last. */
  pauseAfter(run: GroupRun): number | undefined;
}
