import { createHmac } from 'node:crypto';
import { packageVersion } from '../../files/package-version.ts';
import type { AlarmEvent } from '../monitoring/drift-report.ts';
import { type AlarmChannel, AlarmRefused } from './alarm-channel.ts';
import { alarmText, alarmTitle } from './describe-alarm.ts';

export interface WebhookOptions {
  /** The operator's address; nothing that a request says leads elsewhere. */
  readonly url: string;
  /** Signs what is sent. */
  readonly secret?: string;
  /** Milliseconds that the receiver has to answer; default 10,000. */
  readonly timeoutMs?: number;
}

/**
 * Posts alarms as JSON. With a secret, `x-text-recognizer-signature` is `sha256=` and the HMAC of the time, a dot and the body, as
 * hexadecimal digits; the time, in seconds since 1970, is `x-text-recognizer-timestamp`.
 */
export function webhookChannel({ url, secret, timeoutMs = 10_000 }: WebhookOptions): AlarmChannel {
  return {
    name: 'webhook',
    async send(alarm, key, signal) {
      const body = webhookBody(alarm, key);
      const timestamp = String(Math.floor(Date.now() / 1000));
      const response = await fetch(url, {
        method: 'POST',
        body,
        // An address that the operator has not configured gets nothing.
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        headers: {
          'content-type': 'application/json',
          'user-agent': `text-recognizer/${packageVersion()}`,
          'idempotency-key': key,
          'x-text-recognizer-timestamp': timestamp,
          ...(secret !== undefined && { 'x-text-recognizer-signature': signatureOf(secret, timestamp, body) }),
        },
      });
      // Its body may have no end.
      await response.body?.cancel();
      if (response.ok) return;
      const reason = `it answered with status ${response.status}`;
      throw refusals.has(response.status) ? new AlarmRefused(reason) : new Error(reason);
    },
  };
}

/** Statuses that say something of the body; the others (a wrong key, too many requests, a fault) may pass. */
const refusals: ReadonlySet<number> = new Set([400, 413, 415, 422]);

/** `sha256=` and the HMAC of `TIMESTAMP.BODY`. */
function signatureOf(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

/** `text` is what Slack, Mattermost and others show of a webhook. */
function webhookBody(alarm: AlarmEvent, key: string): string {
  return JSON.stringify({ version: 1, key, title: alarmTitle(alarm), text: alarmText(alarm), alarm });
}
