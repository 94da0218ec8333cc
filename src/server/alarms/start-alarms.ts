import { Counter, Gauge } from 'prom-client';
import { readSecret } from '../../files/read-secret.ts';
import type { Monitor } from '../monitoring/monitor.ts';
import { PREFIX } from '../monitoring/reading-metrics.ts';
import type { AlarmChannel } from './alarm-channel.ts';
import { AlarmNotifier, type SendOutcome } from './alarm-notifier.ts';
import { mailChannel, type MailOptions } from './mail-channel.ts';
import { webhookChannel } from './webhook-channel.ts';

/** Where the operator wants alarms to be sent. */
export interface AlarmOptions {
  readonly webhook?: string;
  /** A file with what signs webhooks. */
  readonly secretFile?: string;
  readonly mail?: MailOptions;
}

/** Sends what the monitoring tells; throws FILE_NOT_FOUND, INVALID_ARGUMENT or FILE_CORRUPT. `close` keeps what is not sent. */
export async function startAlarms(
  monitor: Monitor,
  options: AlarmOptions,
  { folder, warn }: { readonly folder?: string; readonly warn?: (message: string) => void },
): Promise<AlarmNotifier> {
  const channels = await channelsOf(options);
  const counter = new Counter({
    name: `${PREFIX}alarm_notifications_total`,
    help: 'Attempts to send an alarm, by how they ended',
    labelNames: ['channel', 'outcome'],
    registers: [monitor.registry],
  });
  const onOutcome = (channel: string, outcome: SendOutcome): void => counter.inc({ channel, outcome });
  const notifier = await AlarmNotifier.start({ channels, folder, warn, onOutcome });
  void new Gauge({
    name: `${PREFIX}alarm_notifications_waiting`,
    help: 'Alarms that could not be sent yet',
    labelNames: ['channel'],
    registers: [monitor.registry],
    collect() {
      for (const { name } of channels) this.set({ channel: name }, notifier.waiting(name));
    },
  });
  monitor.onAlarm((alarm) => notifier.tell(alarm));
  // One that began just before a crash may have been told to nobody.
  for (const alarm of monitor.reports().flatMap(({ alarms }) => alarms)) notifier.tell(alarm);
  return notifier;
}

async function channelsOf({ webhook, secretFile, mail }: AlarmOptions): Promise<readonly AlarmChannel[]> {
  const secret = secretFile === undefined ? undefined : await readSecret(secretFile, 'the secret of the webhook');
  return [
    ...(webhook === undefined ? [] : [webhookChannel({ url: webhook, secret })]),
    ...(mail === undefined ? [] : [mailChannel(mail)]),
  ];
}
