/* A process that has alarms to send to an address where nobody listens, and says when they are kept: `FOLDER ADDRESS`. */
import { AlarmNotifier } from '../alarm-notifier.ts';
import { webhookChannel } from '../webhook-channel.ts';
import { sampleAlarm } from './sample-alarm.ts';

const [folder, url] = process.argv.slice(2);
const alarms = await AlarmNotifier.start({
  channels: [webhookChannel({ url })],
  folder,
  // What comes after the first attempt has been kept.
  onOutcome: () => process.send?.('tried'),
});
alarms.tell(sampleAlarm());
