import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';

const learningRate = z.number().positive();
const warmUpSteps = z.int().nonnegative().optional();

/** A learning-rate schedule as JSON; every kind may begin with a linear warm-up of `warmUpSteps` optimiser steps. */
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), learningRate, warmUpSteps }),
  z.strictObject({
    kind: z.literal('step'),
    learningRate,
    /** The number of steps after which the rate is multiplied by `factor`, again and again. */
    everySteps: z.int().positive(),
    factor: z.number().positive().max(1),
    warmUpSteps,
  }),
  z.strictObject({
    kind: z.literal('cosine'),
    learningRate,
    /** Where the half cosine ends; default 0. */
    minimum: z.number().nonnegative().optional(),
    warmUpSteps,
  }),
  z.strictObject({
    kind: z.literal('one-cycle'),
    /** The peak; the cycle begins at `learningRate / initialDivisor` (default 25). */
    learningRate,
    /** Share of the steps that rise to the peak; default 0.3. */
    riseShare: z.number().gt(0).lt(1).optional(),
    initialDivisor: z.number().gte(1).optional(),
    /** The cycle ends at its beginning divided by this; default 10,000. */
    finalDivisor: z.number().gte(1).optional(),
    anneal: z.enum(['cosine', 'linear']).optional(),
    warmUpSteps,
  }),
]);

export type Schedule = z.infer<typeof scheduleSchema>;

/** The learning rate of optimiser step `step`, counted from 0, of `totalSteps`; throws INVALID_ARGUMENT out of range. */
export function learningRateAt(schedule: Schedule, step: number, totalSteps: number): number {
  requireStep(step, totalSteps);
  const warmUp = schedule.warmUpSteps ?? 0;
  if (warmUp >= totalSteps) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `A warm-up of ${warmUp} steps leaves nothing of ${totalSteps} steps: shorten warmUpSteps or train longer.`,
    );
  }
  const steps = totalSteps - warmUp;
  if (step < warmUp) return (afterWarmUp(schedule, 0, steps) * (step + 1)) / warmUp;
  return afterWarmUp(schedule, step - warmUp, steps);
}

function requireStep(step: number, totalSteps: number): void {
  if (Number.isSafeInteger(step) && Number.isSafeInteger(totalSteps) && step >= 0 && step < totalSteps) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `No learning rate for step ${step} of ${totalSteps}: give whole numbers, 0 ≤ step < totalSteps.`,
  );
}

function afterWarmUp(schedule: Schedule, step: number, steps: number): number {
  switch (schedule.kind) {
    case 'constant':
      return schedule.learningRate;
    case 'step':
      return schedule.learningRate * schedule.factor ** Math.floor(step / schedule.everySteps);
    case 'cosine':
      return cosineBetween(schedule.learningRate, schedule.minimum ?? 0, step / steps);
    case 'one-cycle':
      return oneCycle(schedule, step, steps);
  }
}

/** Smith & Topin, "Super-Convergence", 2018 (https://arxiv.org/abs/1708.07120), with PyTorch's two phases. */
function oneCycle(schedule: Extract<Schedule, { kind: 'one-cycle' }>, step: number, steps: number): number {
  const { learningRate: peak, riseShare = 0.3, initialDivisor = 25, finalDivisor = 1e4, anneal = 'cosine' } = schedule;
  const between = anneal === 'cosine' ? cosineBetween : linearBetween;
  const initial = peak / initialDivisor;
  const last = steps - 1;
  // A run too short to rise begins at the peak.
  const top = Math.max(0, riseShare * steps - 1);
  if (step < top) return between(initial, peak, step / top);
  return between(peak, initial / finalDivisor, last > top ? (step - top) / (last - top) : 0);
}

/** Half a cosine from `start` (share 0) to `end` (share 1); Loshchilov & Hutter, https://arxiv.org/abs/1608.03983. */
function cosineBetween(start: number, end: number, share: number): number {
  return end + ((start - end) * (1 + Math.cos(Math.PI * share))) / 2;
}

function linearBetween(start: number, end: number, share: number): number {
  return start + (end - start) * share;
}
