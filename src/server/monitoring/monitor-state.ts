import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import { type DetectorData, type DriftDetector } from './drift-detector.ts';
import { sketchSchema } from './reference.ts';

const stateSchema = z.object({
  format: z.literal(1),
  models: z.record(
    z.string(),
    z.object({
      reference: z.string(),
      requests: z.number(),
      sinceDrift: z.number(),
      blocks: z.array(sketchSchema),
      current: sketchSchema,
      alarm: z.unknown().optional(),
    }),
  ),
});

/** Writes what detectors have seen, so that a restart goes on there. */
export async function writeState(path: string, detectors: Iterable<DriftDetector>): Promise<void> {
  const models = [...detectors].map((detector) => [
    detector.reference.model,
    { reference: detector.reference.created, ...detector.toJSON() },
  ]);
  await writeFileAtomic(path, JSON.stringify({ format: 1, models: Object.fromEntries(models) }));
}

/** Lets detectors go on where they were; those with another reference begin anew. Throws FILE_CORRUPT. */
export async function resumeState(path: string, detectors: Iterable<DriftDetector>): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return;
  const { models } = parseState(text, path);
  for (const detector of detectors) {
    const { model, created } = detector.reference;
    const state = Object.hasOwn(models, model) ? models[model] : undefined;
    if (state?.reference === created) detector.resume(state as DetectorData);
  }
}

function parseState(text: string, path: string): z.infer<typeof stateSchema> {
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new TextRecognizerError(
      'FILE_CORRUPT',
      `${path} is no state of the monitoring; remove it, and the comparison begins anew.`,
      { cause },
    );
  }
}
