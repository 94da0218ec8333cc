import { TextRecognizerError } from '../errors.ts';
import type { ServiceSettings } from '../options/service-options.ts';
import type { AlarmOptions } from '../server/alarms/start-alarms.ts';

/** Where alarms go, if anywhere; throws INVALID_ARGUMENT for an option without the one that it belongs to. */
export function alarmOptions(options: ServiceSettings): AlarmOptions | undefined {
  const { monitoring, alarmWebhook, alarmSecretFile, alarmMail, alarmMailFrom, smtp } = options;
  if (!monitoring && (alarmWebhook ?? alarmMail) !== undefined) {
    throw invalid('Alarms come from the monitoring; leave out --no-monitoring.');
  }
  if (alarmSecretFile !== undefined && alarmWebhook === undefined) {
    throw invalid('--alarm-secret-file signs what is posted to --alarm-webhook; say where to.');
  }
  if (alarmMail !== undefined && smtp === undefined) {
    throw invalid('--alarm-mail needs --smtp, the server that sends mails, such as smtp://localhost:25.');
  }
  if (smtp !== undefined && alarmMail === undefined) {
    throw invalid('--smtp sends mails to --alarm-mail; say to whom.');
  }
  if ((alarmWebhook ?? alarmMail) === undefined) return undefined;
  const mail = alarmMail && smtp !== undefined && { server: smtp, to: alarmMail, from: alarmMailFrom ?? alarmMail[0] };
  return { webhook: alarmWebhook, secretFile: alarmSecretFile, ...(mail && { mail }) };
}

function invalid(message: string): TextRecognizerError {
  return new TextRecognizerError('INVALID_ARGUMENT', message);
}
