import type { Distributions, ModelAnswer } from './dashboard-answer.ts';
import { BINS, middleOf, signalNames, type SignalName, signals } from './signals.ts';
import type { Sketch } from './sketch.ts';
import { totalOf } from './statistics/total-of.ts';

/** The distributions of every signal that both have. */
export function distributionsOf(reference: Sketch, current: Sketch): ModelAnswer['distributions'] {
  const entries = signalNames.flatMap((name): [SignalName, Distributions][] => {
    const [expected, actual] = [reference, current].map((sketch) => sketch.countsOf(name));
    if (totalOf(expected) === 0 || totalOf(actual) === 0) return [];
    return [
      [
        name,
        {
          unit: signals[name].unit,
          middles: Array.from({ length: BINS }, (_, bin) => Number(middleOf(name, bin).toPrecision(4))),
          reference: sharesOf(expected),
          current: sharesOf(actual),
        },
      ],
    ];
  });
  return Object.fromEntries(entries);
}

function sharesOf(counts: Float64Array): number[] {
  const total = totalOf(counts);
  return Array.from(counts, (count) => Math.round((10_000 * count) / total) / 10_000);
}
