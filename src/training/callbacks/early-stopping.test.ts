import { expect, test } from 'vitest';
import { epochReport, TrainingRun } from '../testing/training-run.ts';
import { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.ts';

/** Feeds one value of `valLoss` an epoch; the epoch (from 1) at which a stop was asked for, and why. */
function stopOf(values: readonly number[], options: Partial<EarlyStoppingOptions> = {}): [number, string] | undefined {
  const run = new TrainingRun();
  const callback = new EarlyStopping({ metric: 'valLoss', mode: 'min', patience: 2, ...options });
  for (const [index, valLoss] of values.entries()) {
    callback.onEpochEnd(epochReport(index + 1, { valLoss }), run);
    if (run.stops.length > 0) return [index + 1, run.stops[0]];
  }
  return undefined;
}

test('stops after `patience` epochs without improvement, counted again after each improvement', () => {
  expect(stopOf([3, 2, 2.5, 1, 1, 1.5, 0])).toEqual([6, 'valLoss has not improved on 1 for 2 epochs']);
  expect(stopOf([3, 2, 2.5, 1, 1, 0.5])).toBeUndefined();
});

test('asks for more than minDelta', () => {
  expect(stopOf([1, 0.995, 0.992], { minDelta: 0.01 })?.[0]).toBe(3);
  expect(stopOf([1, 0.995, 0.985], { minDelta: 0.01 })).toBeUndefined();
  // Small gains add up: the comparison is with the best, not with the epoch before.
  expect(stopOf([1, 0.995, 0.985, 0.98, 0.974], { minDelta: 0.01 })).toBeUndefined();
});

test('watches an accuracy upwards', () => {
  expect(stopOf([0.5, 0.6, 0.6, 0.55], { mode: 'max' })?.[0]).toBe(4);
});

test('stops at once when the metric is not a finite number', () => {
  expect(stopOf([1, NaN])).toEqual([2, 'valLoss is NaN']);
  expect(stopOf([Infinity])).toEqual([1, 'valLoss is Infinity']);
});

test('a restored one stops when the one that was not interrupted would', () => {
  const run = new TrainingRun();
  const before = new EarlyStopping({ metric: 'valLoss', mode: 'min', patience: 2 });
  before.onEpochEnd(epochReport(1, { valLoss: 1 }), run);
  before.onEpochEnd(epochReport(2, { valLoss: 2 }), run);
  const after = new EarlyStopping({ metric: 'valLoss', mode: 'min', patience: 2 });
  after.restore(JSON.parse(JSON.stringify(before.state())));
  after.onEpochEnd(epochReport(3, { valLoss: 1.5 }), run);
  expect(run.stops).toEqual(['valLoss has not improved on 1 for 2 epochs']);

  const untouched = new EarlyStopping({ metric: 'valLoss', mode: 'min', patience: 2 });
  after.restore(untouched.state());
  expect(after.state()).toEqual({ best: null, waited: 0 });
});

test('names the metrics there are, and refuses impossible options and foreign state', () => {
  const callback = new EarlyStopping({ metric: 'valCer', mode: 'min', patience: 1 });
  expect(() => callback.onEpochEnd(epochReport(1, { loss: 1, valLoss: 1 }), new TrainingRun())).toThrow(
    'No metric "valCer" to watch: the epochs of this training report loss, valLoss.',
  );
  expect(() => stopOf([], { patience: 0 })).toThrow(
    'The callback early-stopping needs patience to be a whole number ≥ 1, not 0.',
  );
  expect(() => stopOf([], { minDelta: NaN })).toThrow('The callback early-stopping needs minDelta ≥ 0, not NaN.');
  expect(() => callback.restore({ waited: -1 })).toThrow(/state of early-stopping is {"waited":-1}/);
});
