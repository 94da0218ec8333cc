import { expect, test } from 'vitest';
import { simulateRequests } from '../../bench/monitoring/simulate-requests.ts';
import type { AlarmEvent, DriftReport } from './drift-report.ts';
import { LatencyCounts } from './latency-counts.ts';
import { MonitorHistory } from './monitor-history.ts';

const noon = Date.UTC(2026, 10, 28, 12);
const [measurement] = simulateRequests(1, 1);
const reportOf = (value: number): DriftReport => ({
  model: 'simulated',
  requests: 100,
  expectedRunTime: 1000,
  signals: [{ signal: 'ink', window: 100, statistic: 'kolmogorov-smirnov', value, threshold: 0.2 }],
  expectedErrors: { window: 100, rate: 0.1, low: 0.05, high: 0.2, referenceRate: 0.08 },
  alarms: [],
});

test('requests, their outcomes and readings are counted by the minute; a minute without any has zeros', () => {
  let now = noon;
  let value = 0.1;
  const history = new MonitorHistory(
    () => [reportOf(value)],
    () => now,
  );
  history.read({ ...measurement, values: { confidence: 0.5 } });
  history.read({ ...measurement, values: { confidence: 0.9 } });
  for (const status of [200, 413, 503]) history.answered('/v1/predict', status, 0.1);
  history.answered('/v1/monitor', 200, 0.1);
  now += 120_000;
  history.read({ ...measurement, values: {} });
  value = 0.3;
  history.compared([reportOf(value)]);
  expect(history.answer()).toMatchObject({
    times: [noon / 1000, noon / 1000 + 60, noon / 1000 + 120],
    requests: [3, 0, 0],
    refused: [1, 0, 0],
    failed: [1, 0, 0],
    // 0.001 · 1.25^21, the end of the bucket of 0.1.
    median: [0.108, null, null],
  });
  expect(history.modelAnswer(reportOf(value))).toEqual({
    readings: [2, 0, 1],
    confidence: [0.7, null, null],
    expectedErrors: { rate: [0.1, null, 0.1], low: [0.05, null, 0.05], high: [0.2, null, 0.2] },
    drift: { ink: [0.5, null, 1.5] },
  });
});

test('what is kept is bounded: six hours, and fifty alarms', () => {
  let now = noon;
  const history = new MonitorHistory(
    () => [],
    () => now,
  );
  for (let minute = 0; minute < 1000; minute++, now += 60_000) history.answered('/v1/predict', 200, 0.1);
  for (let i = 0; i < 60; i++) history.alarmed({ id: `${i}` } as AlarmEvent);
  history.alarmed({ id: '59', state: 'resolved' } as AlarmEvent);
  const { times, requests, alarms } = history.answer();
  expect([times.length, requests.length]).toEqual([360, 360]);
  // The minute that has just begun has no request yet.
  expect(requests.reduce<number>((sum, count) => sum + (count ?? 0), 0)).toBe(359);
  expect(alarms).toHaveLength(50);
  expect(alarms[0]).toEqual({ id: '59', state: 'resolved' });
});

test('quantiles of durations are right within a bucket', () => {
  const counts = new LatencyCounts();
  expect(counts.quantile(0.5)).toBeUndefined();
  for (let ms = 1; ms <= 1000; ms++) counts.add(ms / 1000);
  for (const share of [0.05, 0.5, 0.95, 1]) {
    expect(counts.quantile(share)! / share).toBeGreaterThanOrEqual(0.999);
    expect(counts.quantile(share)! / share).toBeLessThanOrEqual(1.251);
  }
  for (const odd of [0, 1e9]) counts.add(odd);
  expect(counts.quantile(1)).toBeGreaterThan(50);
});
