import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedCalibrationError, fitConfidenceScaling, fitTemperature, reliabilityBins } from './fit-calibration.ts';
import { scaleConfidence } from '../models/confidence.ts';

const logits = Float32Array.from([
  2, 0, -1, 0.5, 1.5, 0, 3, 2.5, -2, -1, 0, 4, 1, 1.2, 0.8, 4, 0, 0, 0, 3, 1, 2, -1, 1.5,
]);
const labels = [0, 1, 1, 2, 0, 0, 2, 0];
const confidences = [0.95, 0.85, 0.9, 0.8, 0.6, 0.55, 0.99, 0.7, 0.3, 1];
const correct = [1, 1, 0, 1, 1, 0, 1, 0, 0, 1];

describe('fitTemperature', () => {
  // Literals: scipy.optimize.minimize_scalar (bounded) on numpy's log-sum-exp.
  it('finds the minimum that scipy finds', () => {
    expect(fitTemperature(logits, labels)).toBeCloseTo(1.19649024, 5);
  });

  it('scales with the logits', () => {
    const tripled = logits.map((logit) => logit * 3);
    expect(fitTemperature(tripled, labels)).toBeCloseTo(3 * 1.19649024, 4);
  });

  it('stays in its range when every item is right, or every item is wrong', () => {
    expect(fitTemperature(Float32Array.of(1, 0, 1, 0), [0, 0])).toBeCloseTo(0.05, 6);
    expect(fitTemperature(Float32Array.of(1, 0, 1, 0), [1, 1])).toBeCloseTo(20, 4);
  });

  it('refuses labels that do not fit the logits', () => {
    expect(() => fitTemperature(logits, [0, 1, 2, 0, 1])).toThrow(/24 logits do not divide into rows for 5 labels/);
    expect(() => fitTemperature(logits, [])).toThrow(/0 labels/);
    expect(() => fitTemperature(Float32Array.of(1, 2), [2])).toThrow(/Label 2 of item 0 is not one of the 2 classes/);
  });
});

describe('expectedCalibrationError', () => {
  // Literals: numpy, by the definition.
  it.each([
    [15, 0.246],
    [5, 0.164],
    [1, 0.164],
  ])('with %i bins is %f', (bins, expected) => {
    expect(expectedCalibrationError(confidences, correct, bins)).toBeCloseTo(expected, 12);
  });

  it('puts a confidence on a border into the lower bin, and 0 into the first', () => {
    const bins = reliabilityBins([0, 0.5, 1], [false, true, true], 2);
    expect(bins.map((bin) => bin.count)).toEqual([2, 1]);
    expect(bins[0]).toEqual({ low: 0, high: 0.5, count: 2, confidence: 0.25, accuracy: 0.5 });
  });

  it('refuses what is not a confidence', () => {
    expect(() => expectedCalibrationError([1.01], [1])).toThrow(/Confidence 1.01 of item 0/);
    expect(() => expectedCalibrationError([Number.NaN], [1])).toThrow(/Confidence NaN/);
    expect(() => expectedCalibrationError([0.5], [1, 0])).toThrow(/1 confidences and 2 outcomes/);
    expect(() => expectedCalibrationError([0.5], [1], 0)).toThrow(/number of bins/);
  });
});

describe('fitConfidenceScaling', () => {
  // Literals: scipy.optimize.minimize (BFGS) on Platt's objective; the confidence 1 is replaced by 0.97 there and here.
  it('finds the parameters that scipy finds', () => {
    const scaling = fitConfidenceScaling([...confidences.slice(0, 9), 0.97], correct);
    expect(scaling.scale).toBeCloseTo(0.6166926, 4);
    expect(scaling.shift).toBeCloseTo(-0.5819812, 4);
    // sigmoid(0.6166926 · ln 9 − 0.5819812)
    expect(scaleConfidence(0.9, scaling)).toBeCloseTo(0.6841762, 5);
  });

  it('maps anything into [0, 1], certain and equal confidences too', () => {
    const outcomes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { minLength: 1 });
    fc.assert(
      fc.property(outcomes, (items) => {
        const scaling = fitConfidenceScaling(
          items.map(([confidence]) => confidence),
          items.map(([, right]) => right),
        );
        for (const confidence of [0, 0.5, 1]) {
          const scaled = scaleConfidence(confidence, scaling);
          expect(scaled).toBeGreaterThanOrEqual(0);
          expect(scaled).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
