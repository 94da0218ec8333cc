import { describe, expect, test } from 'vitest';
import { nextHalvingStep, rungEpochs, type HalvingRun } from './halving-plan.ts';

const halving = { reduction: 4, grace: 1, asynchronous: true };

test('rungs are grace, grace × reduction, … and the last epoch', () => {
  expect(rungEpochs(halving, 4)).toEqual([1, 4]);
  expect(rungEpochs(halving, 20)).toEqual([1, 4, 16, 20]);
  expect(rungEpochs({ ...halving, reduction: 3, grace: 2 }, 18)).toEqual([2, 6, 18]);
  expect(rungEpochs({ ...halving, grace: 5 }, 5)).toEqual([5]);
});

/** Runs a, b, … on the first rung, with their scores there; null has not been trained yet. */
function onFirstRung(scores: readonly (number | null)[]): HalvingRun[] {
  return scores.map((score, i) => ({
    name: String.fromCharCode(97 + i),
    rung: 0,
    scores: score === null ? [] : [score],
    state: 'waiting',
  }));
}

describe('asynchronous', () => {
  test('a new run is trained until a quarter of the runs can be promoted', () => {
    expect(nextHalvingStep(halving, 3, onFirstRung([0.5, 0.9, 0.1, null, null]))).toMatchObject({ name: 'd', rung: 0 });
    expect(nextHalvingStep(halving, 3, onFirstRung([0.5, 0.9, 0.1, 0.2, null]))).toEqual({ name: 'b', rung: 1 });
  });

  test('one that was promoted is not promoted again, though it is no longer the best', () => {
    const runs = onFirstRung([0.5, 0.9, 0.1, 0.2, 0.95, null]);
    runs[1] = { ...runs[1], rung: 1, state: 'running' };
    expect(nextHalvingStep(halving, 3, runs)).toEqual({ name: 'e', rung: 1 });
    runs[4] = { ...runs[4], rung: 1, state: 'running' };
    expect(nextHalvingStep(halving, 3, runs)).toMatchObject({ name: 'f', rung: 0 });
  });

  test('promotions to higher rungs come first, and what was interrupted before them', () => {
    const runs = onFirstRung([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]);
    for (const i of [0, 1, 2, 3]) runs[i] = { ...runs[i], rung: 1, scores: [1, 0.4 + i] };
    expect(nextHalvingStep(halving, 3, runs)).toEqual({ name: 'd', rung: 2 });
    runs[1] = { ...runs[1], scores: [1] };
    expect(nextHalvingStep(halving, 3, runs)).toMatchObject({ name: 'b', rung: 1 });
  });
});

test('at least the best of fewer runs than the reduction goes on to the end, once all are there', () => {
  const runs = onFirstRung([0.5, null]);
  runs[1] = { ...runs[1], state: 'running' };
  expect(nextHalvingStep(halving, 3, runs)).toBeUndefined();
  runs[1] = { ...runs[1], scores: [0.6], state: 'waiting' };
  expect(nextHalvingStep(halving, 3, runs)).toEqual({ name: 'b', rung: 1 });
  runs[1] = { ...runs[1], rung: 1, scores: [0.6, 0.7] };
  expect(nextHalvingStep(halving, 3, runs)).toEqual({ name: 'b', rung: 2 });
  runs[1] = { ...runs[1], rung: 2, scores: [0.6, 0.7, 0.8], state: 'ended' };
  expect(nextHalvingStep(halving, 3, runs)).toBeUndefined();
});

test('without `asynchronous` a rung waits for all of its runs', () => {
  const together = { ...halving, reduction: 2, asynchronous: false };
  const runs = onFirstRung([0.5, 0.9, 0.1, null]);
  expect(nextHalvingStep(together, 2, runs)).toMatchObject({ name: 'd', rung: 0 });
  runs[3] = { ...runs[3], state: 'running' };
  expect(nextHalvingStep(together, 2, runs)).toBeUndefined();
  runs[3] = { ...runs[3], scores: [0.6], state: 'waiting' };
  expect(nextHalvingStep(together, 2, runs)).toEqual({ name: 'b', rung: 1 });
});

test('runs that failed, or whose metric is not finite, are never promoted, and hold nobody up', () => {
  const runs = onFirstRung([null, 0.1]);
  runs[0] = { ...runs[0], state: 'failed' };
  expect(nextHalvingStep(halving, 2, runs)).toEqual({ name: 'b', rung: 1 });
  const diverged = onFirstRung([0.1, 0.2]);
  for (const [i, run] of diverged.entries()) diverged[i] = { ...run, scores: [undefined] };
  expect(nextHalvingStep(halving, 2, diverged)).toBeUndefined();
});
