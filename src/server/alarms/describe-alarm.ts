import type { AlarmEvent, SignalDrift } from '../monitoring/drift-report.ts';

/** The first line of an alarm for people: what state, which model, what changed. */
export function alarmTitle({ state, severity, model, cause }: AlarmEvent): string {
  return `[${state === 'firing' ? severity : 'resolved'}] ${model}: the incoming handwriting ${changes[cause]}`;
}

const changes: Readonly<Record<AlarmEvent['cause'], string>> = {
  inverted: 'is light on dark',
  blurred: 'is blurred',
  rotated: 'is rotated',
  'low-resolution': 'has a lower resolution',
  'other-script': 'is in another script',
  'other-language': 'is in another language',
  'other-writers': 'is by other writers',
  'new-device': 'comes from another device',
  empty: 'is empty',
  unknown: 'has changed',
};

/** The whole alarm as plain text: what differs, by how much, since when, in which requests. */
export function alarmText(alarm: AlarmEvent): string {
  const { evidence, expectedErrors, requestIds, request, startsAt, endsAt, id } = alarm;
  return [
    alarmTitle(alarm),
    '',
    `Began: ${startsAt}, at request ${request}`,
    ...(endsAt === undefined ? [] : [`Ended: ${endsAt}`]),
    ...(expectedErrors ? [`Expected character error rate: ${errorText(expectedErrors)}`] : []),
    '',
    'What differs from the reference:',
    ...evidence.map(driftText),
    '',
    `Requests that differ most: ${requestIds.length === 0 ? 'none' : requestIds.join(', ')}`,
    `Alarm: ${id}`,
    '',
  ].join('\n');
}

function errorText({ rate, low, high, referenceRate }: NonNullable<AlarmEvent['expectedErrors']>): string {
  return `${percent(rate)} (${percent(low)} to ${percent(high)}); in the reference ${percent(referenceRate)}`;
}

function driftText({ signal, statistic, value, threshold, window, mean, referenceMean }: SignalDrift): string {
  const means =
    mean === undefined || referenceMean === undefined
      ? ''
      : `; mean ${mean.toPrecision(3)}, in the reference ${referenceMean.toPrecision(3)}`;
  return `- ${signal}: ${statistic} ${value.toPrecision(3)} in ${window} requests, threshold ${threshold.toPrecision(3)}${means}`;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
