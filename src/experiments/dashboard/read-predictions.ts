import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { PredictionsAnswer } from './dashboard-api.ts';

const itemsSchema = z.object({ items: z.array(z.object({ image: z.string(), text: z.string() })) });
const epochSchema = z.object({ epoch: z.int(), predicted: z.array(z.string()) });

/** `predictions.jsonl` of the last stage of a run; none where it has not got so far, and lines that are damaged are passed over. */
export async function readPredictions(folder: string, stages: readonly string[]): Promise<PredictionsAnswer> {
  const last = stages.at(-1);
  const below = last === undefined ? '' : `stages/${last}/`;
  const text = await readFile(join(folder, below, 'predictions.jsonl'), 'utf8').catch(() => '');
  const items: { image: string; text: string }[] = [];
  const epochs: { epoch: number; predicted: readonly string[] }[] = [];
  for (const line of text.split('\n').map(parse)) {
    const found = itemsSchema.safeParse(line).data?.items ?? [];
    items.push(...found.map(({ image, text }) => ({ image: `${below}${image}`, text })));
    const epoch = epochSchema.safeParse(line).data;
    if (epoch) epochs.push(epoch);
  }
  return { items, epochs };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
