import { TextRecognizerError } from '../errors.ts';
import { logOdds, sigmoid, type ConfidenceScaling } from '../models/confidence.ts';

/** One bar of a reliability diagram: the items whose confidence lies in (`low`, `high`]. */
export interface ReliabilityBin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** Mean confidence of the bin's items, in [0, 1]; 0 for an empty bin. */
  readonly confidence: number;
  /** Fraction of the bin's items that are correct, in [0, 1]; 0 for an empty bin. */
  readonly accuracy: number;
}

const minTemperature = 0.05;
const maxTemperature = 20;

/**
 * The temperature T in [0.05, 20] that minimises the negative log-likelihood of softmax(logits / T):
 * Guo et al., "On Calibration of Modern Neural Networks" (2017), section 4.2. `logits` is `[item, class]`.
 * Throws `SHAPE_MISMATCH` or `INVALID_ARGUMENT` for logits and labels that do not belong together.
 */
export function fitTemperature(logits: Float32Array, labels: ArrayLike<number>): number {
  const classes = classCount(logits, labels);
  // The negative log-likelihood is convex in the inverse temperature, so its slope has one root: bisect in log space.
  let low = Math.log(1 / maxTemperature);
  let high = Math.log(1 / minTemperature);
  for (let step = 0; step < 40 && high - low > 1e-7; step++) {
    const middle = (low + high) / 2;
    if (likelihoodSlope(logits, labels, classes, Math.exp(middle)) > 0) high = middle;
    else low = middle;
  }
  return Math.exp(-(low + high) / 2);
}

/**
 * Σ |bin| / n · |accuracy − confidence| over `bins` bins of equal width (Naeini et al. 2015; Guo et al. 2017, eq. 5).
 * `confidences` are in [0, 1]; `correct[i]` is truthy where item i was right.
 */
export function expectedCalibrationError(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number | boolean>,
  bins = 15,
): number {
  let error = 0;
  for (const bin of reliabilityBins(confidences, correct, bins)) {
    error += (bin.count / confidences.length) * Math.abs(bin.accuracy - bin.confidence);
  }
  return error;
}

/** The bars of a reliability diagram: `bins` bins of equal width over (0, 1]; a confidence of 0 joins the first. */
export function reliabilityBins(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number | boolean>,
  bins = 15,
): ReliabilityBin[] {
  requireConfidences(confidences, correct);
  if (!Number.isInteger(bins) || bins < 1) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `The number of bins must be a whole number above 0, not ${bins}.`,
    );
  }
  const counts = new Float64Array(bins);
  const sums = new Float64Array(bins);
  const hits = new Float64Array(bins);
  for (let i = 0; i < confidences.length; i++) {
    const bin = Math.max(0, Math.ceil(confidences[i] * bins) - 1);
    counts[bin]++;
    sums[bin] += confidences[i];
    if (correct[i]) hits[bin]++;
  }
  return Array.from({ length: bins }, (_, bin) => ({
    low: bin / bins,
    high: (bin + 1) / bins,
    count: counts[bin],
    confidence: counts[bin] === 0 ? 0 : sums[bin] / counts[bin],
    accuracy: counts[bin] === 0 ? 0 : hits[bin] / counts[bin],
  }));
}

/**
 * Logistic regression of `correct` on the log-odds of `confidences` (Platt 1999, with his smoothed targets): calibrates
 * confidences that are not one softmax, such as those of a character or a word read by CTC and a language model.
 */
export function fitConfidenceScaling(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number | boolean>,
): ConfidenceScaling {
  requireConfidences(confidences, correct);
  const odds = Float64Array.from(confidences, logOdds);
  const hits = Array.from(correct).filter(Boolean).length;
  const right = (hits + 1) / (hits + 2);
  const wrong = 1 / (odds.length - hits + 2);
  let scale = 1;
  let shift = 0;
  for (let step = 0; step < 100; step++) {
    const [scaleStep, shiftStep] = plattStep(odds, correct, right, wrong, scale, shift);
    scale -= scaleStep;
    shift -= shiftStep;
    if (Math.abs(scaleStep) + Math.abs(shiftStep) < 1e-9) break;
  }
  return { scale, shift };
}

/** One damped Newton step of the two-parameter logistic regression. */
function plattStep(
  odds: Float64Array,
  correct: ArrayLike<number | boolean>,
  right: number,
  wrong: number,
  scale: number,
  shift: number,
): [number, number] {
  // A ridge keeps the Hessian invertible when all confidences are equal.
  let [scaleSlope, shiftSlope, scaleCurve, shiftCurve, cross] = [0, 0, 1e-6, 1e-6, 0];
  for (let i = 0; i < odds.length; i++) {
    const p = sigmoid(scale * odds[i] + shift);
    const error = p - (correct[i] ? right : wrong);
    const weight = Math.max(p * (1 - p), 1e-6);
    scaleSlope += error * odds[i];
    shiftSlope += error;
    scaleCurve += weight * odds[i] * odds[i];
    shiftCurve += weight;
    cross += weight * odds[i];
  }
  const determinant = scaleCurve * shiftCurve - cross * cross;
  const scaleStep = (shiftCurve * scaleSlope - cross * shiftSlope) / determinant;
  const shiftStep = (scaleCurve * shiftSlope - cross * scaleSlope) / determinant;
  const damping = Math.min(1, 2 / Math.max(Math.abs(scaleStep), Math.abs(shiftStep), 1e-12));
  return [scaleStep * damping, shiftStep * damping];
}

/** d(mean negative log-likelihood)/d(1/T) = mean of E_softmax[logit] − logit of the label. */
function likelihoodSlope(logits: Float32Array, labels: ArrayLike<number>, classes: number, inverse: number): number {
  let slope = 0;
  for (let item = 0; item < labels.length; item++) {
    const offset = item * classes;
    const peak = rowMaximum(logits, offset, classes);
    let sum = 0;
    let mean = 0;
    for (let c = 0; c < classes; c++) {
      const logit = logits[offset + c] - peak;
      const weight = Math.exp(logit * inverse);
      sum += weight;
      mean += weight * logit;
    }
    slope += mean / sum - (logits[offset + labels[item]] - peak);
  }
  return slope / labels.length;
}

function rowMaximum(values: Float32Array, offset: number, count: number): number {
  let peak = values[offset];
  for (let c = 1; c < count; c++) if (values[offset + c] > peak) peak = values[offset + c];
  return peak;
}

function classCount(logits: Float32Array, labels: ArrayLike<number>): number {
  const classes = logits.length / labels.length;
  if (labels.length === 0 || !Number.isInteger(classes) || classes === 0) {
    throw new TextRecognizerError(
      'SHAPE_MISMATCH',
      `${logits.length} logits do not divide into rows for ${labels.length} labels; pass logits [item, class] and one label per item.`,
    );
  }
  for (let item = 0; item < labels.length; item++) {
    const label = labels[item];
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `Label ${label} of item ${item} is not one of the ${classes} classes of the logits.`,
    );
  }
  return classes;
}

function requireConfidences(confidences: ArrayLike<number>, correct: ArrayLike<number | boolean>): void {
  if (confidences.length === 0 || confidences.length !== correct.length) {
    throw new TextRecognizerError(
      'SHAPE_MISMATCH',
      `Got ${confidences.length} confidences and ${correct.length} outcomes; pass one outcome for each of one or more confidences.`,
    );
  }
  for (let i = 0; i < confidences.length; i++) {
    if (confidences[i] >= 0 && confidences[i] <= 1) continue;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `Confidence ${confidences[i]} of item ${i} is not within [0, 1].`,
    );
  }
}
