import { expect, test } from 'vitest';
import { readServiceOptions } from '../options/read-service-options.ts';
import { alarmOptions } from './alarm-options.ts';

const optionsOf = (variables: Record<string, string>) =>
  alarmOptions(
    readServiceOptions(
      Object.fromEntries(Object.entries(variables).map(([name, value]) => [`TEXT_RECOGNIZER_${name}`, value])),
    ),
  );

test('alarms go to a webhook, by mail, or nowhere', () => {
  expect(optionsOf({})).toBeUndefined();
  expect(optionsOf({ ALARM_WEBHOOK: 'https://hooks.example/x', ALARM_SECRET_FILE: 'secret' })).toEqual({
    webhook: 'https://hooks.example/x',
    secretFile: 'secret',
  });
  expect(optionsOf({ ALARM_MAIL: 'a@example.org, b@example.org', SMTP: 'smtp://localhost:25' })).toMatchObject({
    mail: { server: 'smtp://localhost:25', to: ['a@example.org', 'b@example.org'], from: 'a@example.org' },
  });
});

test.each([
  [{ ALARM_SECRET_FILE: 'secret' }, 'say where to'],
  [{ ALARM_MAIL: 'a@example.org' }, '--alarm-mail needs --smtp'],
  [{ SMTP: 'smtp://localhost' }, 'say to whom'],
  [{ ALARM_WEBHOOK: 'https://hooks.example', MONITORING: 'no' }, 'leave out --no-monitoring'],
  [{ ALARM_WEBHOOK: 'file:///etc/passwd' }, 'begins with http:// or https://'],
  [{ ALARM_MAIL: 'nobody', SMTP: 'smtp://localhost' }, 'such as someone@example.org'],
])('%j is refused', (variables, message) => {
  expect(() => optionsOf(variables)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) }),
  );
});
