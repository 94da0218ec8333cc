import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';

/** The decisions about a group so far, a JSON object a line; none where there is no file. */
export async function readDecisions<Decision>(path: string, schema: z.ZodType<Decision>): Promise<Decision[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  // Of a scheduler that was killed, the last line may be half written: the decision is taken again.
  if (whole !== text) await writeFileAtomic(path, whole);
  const lines = whole.split('\n').slice(0, -1);
  return lines.map((line) => schema.parse(JSON.parse(line)));
}
