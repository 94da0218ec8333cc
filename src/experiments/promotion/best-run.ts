import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import type { ModelManifest } from '../../models/model-manifest.ts';
import { readModel } from '../../models/model-store.ts';

/** Figures that are better when they are higher; of all others that may be asked for, lower is better. */
const higherIsBetter = new Set([
  'accuracy',
  'accuracyCaseMerged',
  'accuracyLookAlikesMerged',
  'lineAccuracy',
  'exact',
  'precision',
  'recall',
  'f1',
]);
const lowerIsBetter = new Set([
  'loss',
  'calibrationError',
  'cer',
  'wer',
  'characterCalibrationError',
  'wordCalibrationError',
]);

export interface BestRun {
  /** Its folder. */
  readonly run: string;
  readonly set: string;
  readonly metric: string;
  readonly value: number;
  /** How many finished runs it is the best of. */
  readonly of: number;
}

/**
 * The best of the finished runs in a folder, by `SET:METRIC` or `METRIC` on the first set that their model.json has, which is what is held
 * out of the training; default the accuracy of characters, and the CER of lines. Throws MODEL_NOT_FOUND where no run is finished, and
 * INVALID_ARGUMENT for a metric that is not known.
 */
export async function bestRun(group: string, wanted?: string): Promise<BestRun> {
  const entries = await readdir(group, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(group, name));
  const runs = folders.filter((run) => existsSync(join(run, 'model', 'model.json'))).toSorted();
  const manifests = await Promise.all(runs.map(async (run) => (await readModel(join(run, 'model'))).manifest));
  if (runs.length === 0) {
    throw new TextRecognizerError('MODEL_NOT_FOUND', `No run in ${group} is finished: none has a model/model.json.`);
  }
  const { set, metric } = parseMetric(wanted, manifests[0]);
  const values = manifests.map((manifest, i) => figureOf(manifest, set, metric, runs[i]));
  const best = higherIsBetter.has(metric) ? Math.max(...values) : Math.min(...values);
  return { run: runs[values.indexOf(best)], set, metric, value: best, of: runs.length };
}

const usualMetrics: Readonly<Record<ModelManifest['kind'], string>> = {
  character: 'accuracy',
  line: 'cer',
  page: 'f1',
};

/** The set and the figure that runs are chosen by: those of the first, so that all are compared on the same data. */
function parseMetric(wanted: string | undefined, { kind, metrics }: ModelManifest): { set: string; metric: string } {
  const text = wanted ?? usualMetrics[kind];
  const colon = text.lastIndexOf(':');
  return { set: colon < 0 ? Object.keys(metrics)[0] : text.slice(0, colon), metric: text.slice(colon + 1) };
}

function figureOf({ metrics }: ModelManifest, set: string, metric: string, run: string): number {
  const isFigure = (key: string) => higherIsBetter.has(key) || lowerIsBetter.has(key);
  const value = metrics[set]?.[metric];
  if (isFigure(metric) && value !== undefined) return value;
  const known = Object.entries(metrics).flatMap(([name, figures]) =>
    Object.keys(figures).flatMap((key) => (isFigure(key) ? [`${name}:${key}`] : [])),
  );
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `${run} cannot be chosen by '${set}:${metric}'; there are ${known.join(', ')}.`,
  );
}
