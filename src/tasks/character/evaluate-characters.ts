import type { Dataset } from '../../datasets/dataset.ts';
import type { Session } from '../../runtime/session.ts';
import { expectedCalibrationError } from '../fit-calibration.ts';
import { withCaseMerged, withLookAlikesMerged } from './merge-classes.ts';

/** What a character model achieves on a data set. */
export interface CharacterEvaluation {
  readonly count: number;
  /** Share of images whose most probable class is the label. */
  readonly accuracy: number;
  /** The same where a letter counts as right in either case. */
  readonly accuracyCaseMerged: number;
  /** The same where 0 and O, and 1, l and I, count as one, too. */
  readonly accuracyLookAlikesMerged: number;
  /** Expected calibration error with 15 bins (Guo et al. 2017). */
  readonly calibrationError: number;
  /** Mean −ln p(label). */
  readonly loss: number;
  readonly millisecondsPerImage: number;
  /** Images by label and predicted class, `[classes, classes]` row-major. */
  readonly confusion: Uint32Array;
  /** 1 where the most probable class is the label, `[count]`. */
  readonly correct: Uint8Array;
}

/** The confusions, `[truth][prediction]`. */
export function confusionRows({ confusion }: CharacterEvaluation): Uint32Array[] {
  const classes = Math.sqrt(confusion.length);
  return Array.from({ length: classes }, (_, truth) => confusion.subarray(truth * classes, (truth + 1) * classes));
}

/** The logits of every image of a data set, `[count, classes]`, and how long the model took. */
export async function computeLogits(
  session: Session,
  dataset: Dataset,
  batchSize = 256,
): Promise<{ logits: Float32Array; seconds: number }> {
  const { length, height, width, classes } = dataset;
  const logits = new Float32Array(length * classes.length);
  let seconds = 0;
  for (let start = 0; start < length; start += batchSize) {
    const count = Math.min(batchSize, length - start);
    const data = new Uint8Array(count * height * width);
    dataset.read(
      Uint32Array.from({ length: count }, (_, i) => start + i),
      data,
    );
    const before = performance.now();
    const results = await session.run({ images: { data, shape: [count, height, width] } });
    seconds += (performance.now() - before) / 1000;
    logits.set(results.logits.data as Float32Array, start * classes.length);
  }
  return { logits, seconds };
}

/** Compares a model with the labels of a data set; `temperature` divides the logits. */
export async function evaluateCharacters(
  session: Session,
  dataset: Dataset,
  temperature = 1,
): Promise<CharacterEvaluation> {
  const { logits, seconds } = await computeLogits(session, dataset);
  return { ...scoreLogits(logits, dataset, temperature), millisecondsPerImage: (1000 * seconds) / dataset.length };
}

/** The figures of an evaluation that follow from the logits, `[count, classes]`. */
export function scoreLogits(
  logits: Float32Array,
  { labels, classes }: Pick<Dataset, 'labels' | 'classes'>,
  temperature: number,
): Omit<CharacterEvaluation, 'millisecondsPerImage'> {
  const count = labels.length;
  const confusion = new Uint32Array(classes.length ** 2);
  const confidences = new Float64Array(count);
  const correct = new Uint8Array(count);
  let loss = 0;
  for (let i = 0; i < count; i++) {
    const row = logits.subarray(i * classes.length, (i + 1) * classes.length);
    const { best, confidence, labelLoss } = readRow(row, labels[i], temperature);
    confidences[i] = confidence;
    correct[i] = best === labels[i] ? 1 : 0;
    confusion[labels[i] * classes.length + best]++;
    loss += labelLoss / count;
  }
  const share = (merged: readonly string[]) => agreement(confusion, merged) / count;
  return {
    count,
    accuracy: share(classes),
    accuracyCaseMerged: share(withCaseMerged(classes)),
    accuracyLookAlikesMerged: share(withLookAlikesMerged(classes)),
    calibrationError: expectedCalibrationError(confidences, correct),
    loss,
    confusion,
    correct,
  };
}

function readRow(
  row: Float32Array,
  label: number,
  temperature: number,
): { best: number; confidence: number; labelLoss: number } {
  let best = 0;
  for (let j = 1; j < row.length; j++) if (row[j] > row[best]) best = j;
  let total = 0;
  for (const logit of row) total += Math.exp((logit - row[best]) / temperature);
  return { best, confidence: 1 / total, labelLoss: Math.log(total) - (row[label] - row[best]) / temperature };
}

/** How many images fall into the same merged class as their label. */
function agreement(confusion: Uint32Array, merged: readonly string[]): number {
  let total = 0;
  confusion.forEach((count, i) => {
    if (merged[Math.floor(i / merged.length)] === merged[i % merged.length]) total += count;
  });
  return total;
}
