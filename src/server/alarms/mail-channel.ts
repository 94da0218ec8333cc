import type { AlarmEvent } from '../monitoring/drift-report.ts';
import type { AlarmChannel } from './alarm-channel.ts';
import { alarmText, alarmTitle } from './describe-alarm.ts';

export interface MailOptions {
  /** `smtp://USER:PASSWORD@HOST:PORT`, or `smtps://` for TLS from the start. */
  readonly server: string;
  readonly to: readonly string[];
  readonly from: string;
  /** Milliseconds that the server has for each step; default 10,000. */
  readonly timeoutMs?: number;
}

/** Sends alarms as plain text by SMTP; all that is told of one alarm is one thread. */
export function mailChannel({ server, to, from, timeoutMs = 10_000 }: MailOptions): AlarmChannel {
  return {
    name: 'mail',
    async send(alarm, key, signal) {
      const { createTransport } = await import('nodemailer');
      const url = new URL(server);
      const transport = createTransport({
        url: server,
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        // Only what is in the alarm is sent: no file, no address that is fetched.
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const stop = (): void => transport.close();
      signal.addEventListener('abort', stop, { once: true });
      try {
        await transport.sendMail(messageOf(alarm, key, { to, from, host: url.hostname }));
      } finally {
        signal.removeEventListener('abort', stop);
        transport.close();
      }
    },
  };
}

function messageOf(alarm: AlarmEvent, key: string, sender: { to: readonly string[]; from: string; host: string }) {
  const idOf = (name: string): string => `<${name.replaceAll(/[^\w.-]/g, '.')}@${sender.host}>`;
  return {
    to: [...sender.to],
    from: sender.from,
    subject: alarmTitle(alarm),
    text: alarmText(alarm),
    messageId: idOf(key),
    references: [idOf(alarm.id)],
    headers: { 'x-idempotency-key': key, 'auto-submitted': 'auto-generated' },
  };
}
