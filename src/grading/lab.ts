import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';
import { decodeText } from '../files/decode-text.ts';

/** When Gradescope shows a test to students. */
const visibilities = ['visible', 'hidden', 'after_due_date', 'after_published'] as const;

const common = {
  name: z.string(),
  points: z.number().nonnegative(),
  visibility: z.enum(visibilities).default('visible'),
};

const checkSchema = z.discriminatedUnion('kind', [
  /** The model's digests are right, and it is what the lab asks for. */
  z.strictObject({
    ...common,
    kind: z.literal('model'),
    reads: z.enum(['character', 'line']),
    networks: z.array(z.string()).optional(),
  }),
  /** Points for each picture that is read exactly; the texts are in `texts.json`, or the last letter of a file's name. */
  z.strictObject({ ...common, kind: z.literal('pictures'), folder: z.string() }),
  /** A figure of `evaluate --json`, or `bytes`, `milliseconds` or `megabytes`: none of the points at `none`, all at `all`, and in between in proportion. */
  z.strictObject({
    ...common,
    kind: z.literal('figure'),
    figure: z.string(),
    data: z.string().optional(),
    none: z.number(),
    all: z.number(),
    /** Its column on the leaderboard. */
    leaderboard: z.string().optional(),
  }),
  /** The submission has a group of experiments with at least so many runs. */
  z.strictObject({ ...common, kind: z.literal('group'), file: z.string(), runs: z.int().min(1) }),
]);

const labSchema = z.strictObject({
  lab: z.string(),
  title: z.string(),
  checks: z.array(checkSchema).min(1),
});

export type LabCheck = z.output<typeof checkSchema>;
export type CheckOf<Kind extends LabCheck['kind']> = Extract<LabCheck, { kind: Kind }>;
export type Lab = z.output<typeof labSchema>;

/** Reads what a lab asks for: the number of one of the course, or a file of one's own. Throws FILE_NOT_FOUND or INVALID_ARGUMENT. */
export async function readLab(numberOrFile: string): Promise<Lab> {
  const isNumber = /^\d+$/.test(numberOrFile);
  const path = isNumber ? bundledLab(numberOrFile) : numberOrFile;
  const text = await readFile(path).then(decodeText, (cause: unknown) => {
    const which = isNumber ? `Lab ${numberOrFile} is not graded` : `There is no file ${path}`;
    throw new TextRecognizerError('FILE_NOT_FOUND', `${which}: see data/course for the labs that are.`, { cause });
  });
  const lab = labSchema.safeParse(parseJson(text, path));
  if (lab.success) return lab.data;
  throw new TextRecognizerError('INVALID_ARGUMENT', `${path} is not a lab:\n${z.prettifyError(lab.error)}`);
}

function bundledLab(number: string): string {
  return fileURLToPath(new URL(`../../data/course/lab-${number}.json`, import.meta.url));
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TextRecognizerError('INVALID_ARGUMENT', `${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
