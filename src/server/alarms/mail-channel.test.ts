import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import { AlarmNotifier } from './alarm-notifier.ts';
import { mailChannel } from './mail-channel.ts';
import { sampleAlarm } from './testing/sample-alarm.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Mail {
  readonly to: readonly string[];
  readonly text: string;
}

/** An SMTP server on this machine that refuses the first mails, and keeps the others. */
async function startMailServer(refusals: number) {
  const mails: Mail[] = [];
  let attempts = 0;
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _, done) =>
      username === 'user' && password === 'p@ss' ? done(null, { user: username }) : done(new Error('wrong')),
    onData(stream, { envelope }, done) {
      const to = envelope.rcptTo.map(({ address }) => address);
      void text(stream).then((encoded) => {
        // As RFC 2045 and 5322 fold long lines.
        const content = encoded.replaceAll('=\r\n', '').replaceAll(/\r\n +/g, ' ');
        if (++attempts <= refusals) return done(Object.assign(new Error('later'), { responseCode: 451 }));
        mails.push({ to, text: content });
        done();
        return server.emit('mail');
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return {
    port: (server.server.address() as AddressInfo).port,
    async received(count: number): Promise<readonly Mail[]> {
      while (mails.length < count) await once(server, 'mail');
      return mails;
    },
  };
}

test('alarms are mailed in one thread, again where the server refuses', async () => {
  const server = await startMailServer(1);
  const channels = [
    mailChannel({
      server: `smtp://user:p%40ss@127.0.0.1:${server.port}`,
      from: 'reader@example.org',
      to: ['a@example.org', 'b@example.org'],
    }),
  ];
  const alarms = await AlarmNotifier.start({ channels, retryMs: 5 });
  closing.push(() => alarms.close());
  const alarm = sampleAlarm();
  alarms.tell(alarm);
  alarms.tell({ ...alarm, state: 'resolved', endsAt: '2026-11-28T13:00:00.000Z' });
  const [began, ended] = await server.received(2);
  expect(began.to).toEqual(['a@example.org', 'b@example.org']);
  expect(began.text).toContain('Subject: [warning] line-recognizer: the incoming handwriting is blurred');
  expect(began.text).toContain('Message-ID: <line-recognizer-1200-20261128T120000000Z.firing.warning@127.0.0.1>');
  expect(began.text).toContain('Expected character error rate: 8.2 % (6.1 % to 10.4 %); in the reference 5.0 %');
  expect(ended.text).toContain('Subject: [resolved] line-recognizer');
  for (const { text } of [began, ended]) {
    expect(text).toContain('References: <line-recognizer-1200-20261128T120000000Z@127.0.0.1>');
  }
});
