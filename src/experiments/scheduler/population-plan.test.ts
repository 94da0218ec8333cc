import { expect, test } from 'vitest';
import { planCopies, type PopulationMember } from './population-plan.ts';

const population = { interval: 2, share: 0.25, seed: 1, fields: { rate: { low: 0.01, high: 0.5 } } };

/** Runs a, b, … with the rates 0.1, 0.2, … */
function members(scores: readonly (number | undefined)[]): PopulationMember[] {
  return scores.map((score, i) => ({
    name: String.fromCharCode(97 + i),
    score,
    settings: { rate: Number((0.1 * (i + 1)).toFixed(1)) },
  }));
}

test('the worst quarter goes on from the best quarter, with settings times 0.8 or 1.2', () => {
  const copies = planCopies(population, 1, members([0.5, 0.9, 0.1, 0.4, 0.8, 0.2, 0.6, 0.7]));
  expect(copies.map(({ run }) => run)).toEqual(['f', 'c']);
  for (const { from, settings } of copies) {
    // b has 0.2 and e has 0.5, times 0.8 or 1.2, at most 0.5.
    expect([
      ['b', 0.16],
      ['b', 0.24],
      ['e', 0.4],
      ['e', 0.5],
    ]).toContainEqual([from, settings.rate]);
  }
});

test('both factors and all of the best occur, and the same round gives the same', () => {
  const runs = members([0.9, 0.8, 0.2, 0.1]);
  const half = { ...population, share: 0.5 };
  const rounds = Array.from({ length: 40 }, (_, round) => planCopies(half, round, runs));
  const seen = new Set(rounds.flat().map(({ from, settings }) => `${from} ${settings.rate}`));
  expect([...seen].sort()).toEqual(['a 0.08', 'a 0.12', 'b 0.16', 'b 0.24']);
  expect(Array.from({ length: 40 }, (_, round) => planCopies(half, round, runs))).toEqual(rounds);
});

test('a metric that is no number is the worst, and is never gone on from', () => {
  expect(planCopies(population, 1, members([undefined, 0.1]))).toMatchObject([{ run: 'a', from: 'b' }]);
  expect(planCopies(population, 1, members([undefined, undefined]))).toEqual([]);
});

test('one run alone is left as it is', () => {
  expect(planCopies(population, 1, members([0.5]))).toEqual([]);
});
