import type { AlarmEvent } from '../../monitoring/drift-report.ts';

/** An alarm of blurred pictures. */
export function sampleAlarm(changes: Partial<AlarmEvent> = {}): AlarmEvent {
  return {
    id: 'line-recognizer-1200-20261128T120000000Z',
    state: 'firing',
    model: 'line-recognizer',
    severity: 'warning',
    cause: 'blurred',
    evidence: [
      {
        signal: 'sharpness',
        window: 100,
        statistic: 'kolmogorov-smirnov',
        value: 0.61,
        threshold: 0.31,
        referenceMean: 0.52,
        mean: 0.21,
      },
    ],
    expectedErrors: { window: 100, rate: 0.082, low: 0.061, high: 0.104, referenceRate: 0.05 },
    requestIds: ['request-1', 'request-2'],
    request: 1200,
    startsAt: '2026-11-28T12:00:00.000Z',
    ...changes,
  };
}
