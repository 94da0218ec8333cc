import type { AlarmEvent } from '../monitoring/drift-report.ts';

/** Where alarms are sent. */
export interface AlarmChannel {
  readonly name: 'webhook' | 'mail';
  /**
   * Sends an alarm, or rejects with the reason. `key` is the same whenever the same news is sent again, so that the receiver can tell
   * a repetition.
   */
  send(alarm: AlarmEvent, key: string, signal: AbortSignal): Promise<void>;
}

/** The receiver will never take this piece of news, whenever it is sent. */
export class AlarmRefused extends Error {}
