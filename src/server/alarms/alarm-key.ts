import type { AlarmEvent } from '../monitoring/drift-report.ts';

/** What tells one piece of news of an alarm from another: that it began, that it became critical, that it ended. */
export function alarmKey({ id, state, severity }: AlarmEvent): string {
  return `${id}:${state}${state === 'firing' ? `:${severity}` : ''}`;
}
