import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { type AlarmEvent, driftCauses } from '../monitoring/drift-report.ts';

const silenceSchema = z.strictObject({
  /** What is left out fits every alarm. */
  model: z.string().optional(),
  cause: z.enum(driftCauses).optional(),
  severity: z.enum(['warning', 'critical']).optional(),
  /** When it ends, ISO 8601 with a time zone. */
  until: z.iso.datetime({ offset: true }),
  comment: z.string().optional(),
});

/** Alarms that fit it are not sent until it ends. */
export type Silence = z.infer<typeof silenceSchema>;

/** The silences in a file, which may be absent; throws FILE_CORRUPT. */
export async function readSilences(path: string): Promise<readonly Silence[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  try {
    return z.array(silenceSchema).parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    const example = '[{ "cause": "blurred", "until": "2027-01-31T18:00:00Z" }]';
    const message = `${path} is no list of silences (${reason}). It is JSON such as ${example}; all alarms are sent until it is mended.`;
    throw new TextRecognizerError('FILE_CORRUPT', message, { cause });
  }
}

/** Whether one of the silences fits an alarm at a time, in milliseconds since 1970. */
export function isSilenced(alarm: AlarmEvent, silences: readonly Silence[], now: number): boolean {
  return silences.some(
    ({ model = alarm.model, cause = alarm.cause, severity = alarm.severity, until }) =>
      model === alarm.model && cause === alarm.cause && severity === alarm.severity && now < Date.parse(until),
  );
}
