import type { ErrorCode } from '../../errors.ts';
import type { ExperimentRunOptions } from '../run-experiment.ts';
import type { GroupMember } from '../search/group.ts';
import type { Settings } from '../search/name-runs.ts';
import type { Monitor } from '../../training/callbacks/monitor.ts';
import type { RunResult } from './run-result.ts';

/** Settings that all runs of a group share; they decide nothing of what is learned. */
export type SharedRunOptions = Pick<
  ExperimentRunOptions,
  'dataRoot' | 'test' | 'skipBad' | 'device' | 'checkpointSeconds' | 'trackers'
>;

/** One try to bring a run to its end, or to an epoch. */
export interface AttemptRequest {
  readonly name: string;
  readonly experiment: GroupMember['experiment'];
  /** Fields of the experiment that were changed since. */
  readonly settings?: Settings;
  readonly folder: string;
  readonly monitor: Monitor;
  readonly options: SharedRunOptions & Pick<ExperimentRunOptions, 'threads'>;
  /** Folders that are held while it runs: those of its devices. */
  readonly locks: readonly string[];
  /** Pauses after this epoch. */
  readonly until?: number;
  /** Where the run is kept when several machines work on it; see `runSharedAttempt`. */
  readonly shared?: SharedPlace;
}

export interface SharedPlace {
  /** Of the run, in a store; see `openRunStore`. */
  readonly place: string;
  /** The run fails when so many attempts, one after the other, were lost before they saved anything. */
  readonly retries: number;
}

/** How an attempt ended. */
export type AttemptEnd =
  | { readonly state: 'finished'; readonly result: RunResult }
  /** At the epoch where it was to pause. */
  | { readonly state: 'paused' }
  | { readonly state: 'interrupted' }
  | { readonly state: 'failed'; readonly message: string; readonly code?: ErrorCode };

/** What an attempt tells while it runs. */
export type AttemptReport =
  | {
      readonly event: 'step';
      readonly epoch: number;
      readonly epochs: number;
      readonly loss: number;
      /** Until the end of the last epoch of this stage. */
      readonly secondsLeft: number;
    }
  | {
      readonly event: 'epoch';
      readonly epoch: number;
      readonly epochs: number;
      readonly metrics: Readonly<Record<string, number>>;
    }
  /** It has taken over a shared run, with this fencing token; see `claimRun`. */
  | { readonly event: 'claimed'; readonly attempt: number }
  /** The store of a shared run has all until now. */
  | { readonly event: 'saved' };

/** What the process of an attempt sends. */
export type AttemptMessage = AttemptReport | { readonly event: 'end'; readonly end: AttemptEnd };
