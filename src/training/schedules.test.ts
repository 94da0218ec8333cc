import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { learningRateAt, scheduleSchema, type Schedule } from './schedules.ts';

/** Rates of every step against PyTorch's, to float64 rounding. */
function expectRates(schedule: Schedule, expected: readonly number[]): void {
  expected.forEach((rate, step) => {
    expect(Math.abs(learningRateAt(schedule, step, expected.length) - rate), `step ${step}`).toBeLessThan(1e-15);
  });
}

// The literals are `optimizer.param_groups[0]['lr']` before each `scheduler.step()` of PyTorch 1.13 with SGD(lr=0.1).

test('step follows StepLR(step_size=3, gamma=0.5)', () => {
  expectRates(
    { kind: 'step', learningRate: 0.1, everySteps: 3, factor: 0.5 },
    [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.0125],
  );
});

test('cosine follows CosineAnnealingLR(T_max=10, eta_min=0.01)', () => {
  expectRates(
    { kind: 'cosine', learningRate: 0.1, minimum: 0.01 },
    [
      0.1, 0.09779754323328192, 0.09140576474687263, 0.08145033635316129, 0.06890576474687264, 0.05500000000000001,
      0.04109423525312737, 0.028549663646838717, 0.01859423525312737, 0.012202456766718092,
    ],
  );
});

test('one-cycle follows OneCycleLR(max_lr=0.1, total_steps=10)', () => {
  expectRates(
    { kind: 'one-cycle', learningRate: 0.1 },
    [
      0.0040000000000000036, 0.052000000000000005, 0.1, 0.09504846320134738, 0.0811745653949763, 0.06112620219362893,
      0.03887419780637107, 0.0188258346050237, 0.004951936798652629, 4e-7,
    ],
  );
});

test('linear one-cycle follows OneCycleLR(pct_start=0.25, anneal_strategy="linear", div_factor=10, final_div_factor=100)', () => {
  expectRates(
    {
      kind: 'one-cycle',
      learningRate: 0.1,
      riseShare: 0.25,
      initialDivisor: 10,
      finalDivisor: 100,
      anneal: 'linear',
    },
    [
      0.01, 0.05500000000000001, 0.1, 0.0889, 0.07780000000000001, 0.06670000000000001, 0.055600000000000004,
      0.044500000000000005, 0.03340000000000001, 0.0223, 0.011200000000000002, 0.00010000000000000286,
    ],
  );
});

test('warm-up follows LinearLR(start_factor=1/4, total_iters=3), then CosineAnnealingLR(T_max=8) by SequentialLR', () => {
  expectRates(
    { kind: 'cosine', learningRate: 0.1, warmUpSteps: 4 },
    [
      0.025, 0.05, 0.07500000000000001, 0.1, 0.1, 0.09619397662556434, 0.08535533905932738, 0.0691341716182545, 0.05,
      0.030865828381745515, 0.014644660940672627, 0.0038060233744356634,
    ],
  );
});

test('warm-up shifts the steps of StepLR(step_size=2, gamma=0.1)', () => {
  expectRates(
    { kind: 'step', learningRate: 0.1, everySteps: 2, factor: 0.1, warmUpSteps: 2 },
    [0.05, 0.1, 0.1, 0.1, 0.010000000000000002, 0.010000000000000002, 0.0010000000000000002, 0.0010000000000000002],
  );
});

test('constant keeps its rate after LinearLR(start_factor=1/4, total_iters=3)', () => {
  expectRates(
    { kind: 'constant', learningRate: 0.1, warmUpSteps: 4 },
    [0.025, 0.05, 0.07500000000000001, 0.1, 0.1, 0.1],
  );
});

test('one-cycle begins at the peak where a run is too short to rise', () => {
  expect(learningRateAt({ kind: 'one-cycle', learningRate: 0.1 }, 0, 1)).toBe(0.1);
  expect(learningRateAt({ kind: 'one-cycle', learningRate: 0.1 }, 0, 3)).toBe(0.1);
  expect(learningRateAt({ kind: 'one-cycle', learningRate: 0.1 }, 2, 3)).toBeCloseTo(4e-7, 15);
});

test('every schedule stays between 0 and its learning rate', () => {
  const schedule = fc.oneof(
    fc.record({ kind: fc.constant('constant' as const), learningRate: fc.constant(0.5) }),
    fc.record({
      kind: fc.constant('step' as const),
      learningRate: fc.constant(0.5),
      everySteps: fc.integer({ min: 1, max: 50 }),
      factor: fc.double({ min: 0.01, max: 1, noNaN: true }),
      warmUpSteps: fc.integer({ min: 0, max: 20 }),
    }),
    fc.record({
      kind: fc.constant('cosine' as const),
      learningRate: fc.constant(0.5),
      warmUpSteps: fc.integer({ min: 0, max: 20 }),
    }),
    fc.record({
      kind: fc.constant('one-cycle' as const),
      learningRate: fc.constant(0.5),
      riseShare: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      anneal: fc.constantFrom('cosine' as const, 'linear' as const),
      warmUpSteps: fc.integer({ min: 0, max: 20 }),
    }),
  );
  fc.assert(
    fc.property(schedule, fc.nat(199), fc.integer({ min: 21, max: 200 }), (schedule, at, totalSteps) => {
      const rate = learningRateAt(scheduleSchema.parse(schedule), at % totalSteps, totalSteps);
      // Not more than 0: many small factors after one another leave less than the smallest number.
      expect(rate).toBeGreaterThanOrEqual(0);
      expect(rate).toBeLessThanOrEqual(0.5 + 1e-12);
    }),
  );
});

test('refuses steps out of range and a warm-up that leaves nothing', () => {
  const schedule: Schedule = { kind: 'constant', learningRate: 0.1, warmUpSteps: 5 };
  for (const [step, total] of [
    [10, 10],
    [-1, 10],
    [0.5, 10],
    [0, 0],
    [0, NaN],
  ]) {
    expect(() => learningRateAt(schedule, step, total)).toThrow(/0 ≤ step < totalSteps/);
  }
  expect(() => learningRateAt(schedule, 0, 5)).toThrow(/warm-up of 5 steps leaves nothing of 5 steps/);
});

test('names every fault of a schedule from JSON', () => {
  expect(scheduleSchema.parse({ kind: 'constant', learningRate: 0.1 })).toEqual({
    kind: 'constant',
    learningRate: 0.1,
  });
  expect(() => scheduleSchema.parse({ kind: 'cosine', learningRate: -1 })).toThrow(/learningRate/);
  expect(() => scheduleSchema.parse({ kind: 'cosine', learningRate: 0.1, warmup: 3 })).toThrow(
    /Unrecognized key: .*warmup/,
  );
  expect(() => scheduleSchema.parse({ kind: 'exponential', learningRate: 1 })).toThrow(/one-cycle/);
  expect(() => scheduleSchema.parse({ kind: 'constant', learningRate: Infinity })).toThrow(/learningRate/);
});
