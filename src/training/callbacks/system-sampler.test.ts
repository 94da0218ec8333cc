import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { stepReport } from '../testing/training-run.ts';
import { type SystemSample, SystemSampler } from './system-sampler.ts';

/** Blocks this thread, as a session does, until it used so much processor time. */
function burn(ms: number): void {
  const start = process.cpuUsage();
  let used = 0;
  while (used < 1000 * ms) {
    const { user, system } = process.cpuUsage(start);
    used = user + system;
  }
}

test('tells processor time and memory of a step that blocked the event loop', async () => {
  const samples: SystemSample[] = [];
  const sampler = new SystemSampler({ everySeconds: 0.2, onSample: (sample) => samples.push(sample) });
  await sampler.onTrainStart();
  const start = performance.now();
  burn(250);
  sampler.onStepEnd(stepReport(7));
  const elapsed = performance.now() - start;
  await sampler.onTrainEnd();

  expect(samples).toHaveLength(1);
  const [{ time, step, figures }] = samples;
  expect(step).toBe(7);
  expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(10_000);
  // 250 ms of this thread, and less than four cores' worth of garbage collection and the like beside it.
  expect((figures.processCpuPercent / 100) * elapsed).toBeGreaterThan(240);
  expect((figures.processCpuPercent / 100) * elapsed).toBeLessThan(4 * elapsed);
  expect(figures.machineCpuPercent).toBeGreaterThan(0);
  expect(figures.machineCpuPercent).toBeLessThanOrEqual(100);
  const resident = process.memoryUsage.rss() / 2 ** 20;
  expect(figures.residentMiB).toBeGreaterThan(resident / 2);
  expect(figures.residentMiB).toBeLessThan(resident * 2);
  expect(figures.freeMiB).toBeGreaterThan(0);
});

test('samples by a timer while no step ends, and hands over in hooks alone', async () => {
  const samples: SystemSample[] = [];
  const sampler = new SystemSampler({ everySeconds: 0.05, onSample: (sample) => samples.push(sample) });
  await sampler.onTrainStart();
  await sleep(400);
  expect(samples).toEqual([]);
  sampler.onEpochEnd();
  const handedOver = samples.length;
  expect(handedOver).toBeGreaterThanOrEqual(2);
  await sampler.onTrainEnd();
  await sleep(150);
  expect(samples.length).toBeLessThanOrEqual(handedOver + 1);
});

test('takes no sample before its time, and refuses a time that never comes', async () => {
  const samples: SystemSample[] = [];
  const sampler = new SystemSampler({ everySeconds: 60, onSample: (sample) => samples.push(sample) });
  await sampler.onTrainStart();
  for (let step = 1; step <= 5; step++) sampler.onStepEnd(stepReport(step));
  await sampler.onTrainEnd();
  expect(samples).toEqual([]);
  expect(() => new SystemSampler({ everySeconds: 0, onSample: () => {} })).toThrow(/everySeconds > 0, not 0/);
});
