import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { improves, type Monitor } from '../../training/callbacks/monitor.ts';
import { stageFolder } from '../run-experiment.ts';
import type { Recipe } from '../recipe.ts';

/** The values of a metric in a run's `metrics.jsonl`, by epoch, undefined where it is not finite; half a line is passed over. */
export async function readEpochMetric(folder: string, metric: string): Promise<Map<number, number | undefined>> {
  const text = await readFile(join(folder, 'metrics.jsonl'), 'utf8').catch(() => '');
  const values = new Map<number, number | undefined>();
  for (const line of text.split('\n')) {
    const record = parseLine(line);
    const value = record?.metrics?.[metric];
    if (record?.event !== 'epoch' || record.epoch === undefined) continue;
    values.set(record.epoch, typeof value === 'number' ? value : undefined);
  }
  return values;
}

/** The metric of the best epoch of the last stage that had epochs; null where there is none. */
export async function bestMetric({ stages }: Recipe, folder: string, monitor: Monitor): Promise<number | null> {
  for (const stage of stages.toReversed()) {
    const values = await readEpochMetric(stageFolder(stage, folder), monitor.metric);
    const best = [...values.values()].reduce<number | undefined>(
      (best, value) => (improves(monitor, value ?? Number.NaN, best, 0) ? value : best),
      undefined,
    );
    if (best !== undefined) return best;
  }
  return null;
}

interface EpochLine {
  readonly event?: string;
  readonly epoch?: number;
  readonly metrics?: Readonly<Record<string, unknown>>;
}

function parseLine(line: string): EpochLine | undefined {
  try {
    return JSON.parse(line) as EpochLine;
  } catch {
    return undefined;
  }
}
