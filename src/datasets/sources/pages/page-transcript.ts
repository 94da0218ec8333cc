import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { TextRecognizerError } from '../../../errors.ts';
import { decodeText } from '../../../files/decode-text.ts';

const point = z.tuple([z.number(), z.number()]);

const pageSchema = z.object({
  id: z.string().min(1),
  licence: z.string().min(1),
  width: z.int().positive(),
  height: z.int().positive(),
  lines: z.array(
    z.object({
      text: z.string(),
      polygon: z.array(point).min(3),
      /** The baseline: what the writing stands on, from its start to its end. */
      baseline: z.array(point).min(2).nullish(),
    }),
  ),
  /** Writing that is not transcribed: neither a miss nor a find. */
  omitted: z.array(z.object({ polygon: z.array(point).min(3) })).optional(),
});

/** What is written on a page and where: its lines in reading order, each with the polygon around it in pixels. */
export type PageTranscript = z.infer<typeof pageSchema>;

/** Reads the JSON that is beside a page's picture; throws FILE_NOT_FOUND or DATASET_INVALID. */
export async function readPageTranscript(path: string): Promise<PageTranscript> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new TextRecognizerError('FILE_NOT_FOUND', `There is no transcript ${path}.`, { cause });
  });
  const result = pageSchema.safeParse(parseJson(decodeText(bytes), path));
  if (result.success) return result.data;
  throw new TextRecognizerError(
    'DATASET_INVALID',
    `${path} does not describe a page:\n${z.prettifyError(result.error)}\nA page is { id, licence, width, height, lines: [{ text, polygon: [[x, y], …] }] }.`,
  );
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TextRecognizerError('DATASET_INVALID', `${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
