import type { AttemptReport } from './attempt-protocol.ts';
import type { RunResult } from './run-result.ts';
import type { GroupMember } from '../search/group.ts';

/** `halted`: others of its group were better. */
export type GroupRunState = 'waiting' | 'running' | 'finished' | 'failed' | 'halted';

/** A run of a group as it stands. */
export interface GroupRun {
  readonly member: GroupMember;
  readonly folder: string;
  state: GroupRunState;
  /** Attempts of this scheduler. */
  attempts: number;
  /** Of these, the last ones that came no further. */
  fruitless: number;
  /** The rung that it is trained to; 0 without successive halving. */
  rung: number;
  /** Fields of its experiment that population-based training has changed. */
  settings: Readonly<Record<string, number>>;
  device: string | undefined;
  step: Extract<AttemptReport, { event: 'step' }> | undefined;
  epoch: number;
  /** The group's metric after the last epoch. */
  value: number | undefined;
  result: RunResult | undefined;
  /** Why it failed. */
  message: string | undefined;
}

/** What a scheduler tells, a JSON object each. */
export type GroupEvent =
  | {
      readonly event: 'started';
      readonly run: string;
      readonly attempt: number;
      readonly device: string;
      readonly pid?: number;
    }
  | {
      readonly event: 'epoch';
      readonly run: string;
      readonly epoch: number;
      readonly epochs: number;
      readonly metrics: Readonly<Record<string, number>>;
    }
  | { readonly event: 'finished'; readonly run: string; readonly value: number | null }
  /** It is compared with others before it goes on. */
  | { readonly event: 'paused'; readonly run: string; readonly epoch: number }
  /** Of population-based training: it goes on from the state of another run, with these settings. */
  | {
      readonly event: 'copied';
      readonly run: string;
      readonly from: string;
      readonly epoch: number;
      readonly settings: Readonly<Record<string, number>>;
    }
  | { readonly event: 'interrupted'; readonly run: string }
  | { readonly event: 'killed'; readonly run: string; readonly how: string }
  | { readonly event: 'failed'; readonly run: string; readonly message: string };

/** How a group stands at the end: the last line of `--json`. */
export interface GroupSummary {
  readonly finished: number;
  readonly failed: number;
  /** Not trained to the end: interrupted, or halted by successive halving. */
  readonly stopped: number;
  readonly best: { readonly run: string; readonly metric: string; readonly value: number } | null;
}
