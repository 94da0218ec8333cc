import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import type { JsonValue } from '../callback.ts';

/** Checks a callback's state from a checkpoint; throws CHECKPOINT_INVALID when it is of another kind or version. */
export function restoredState<T>(callback: string, schema: z.ZodType<T>, state: JsonValue): T {
  const result = schema.safeParse(state);
  if (result.success) return result.data;
  throw new TextRecognizerError(
    'CHECKPOINT_INVALID',
    `The checkpoint's state of ${callback} is ${JSON.stringify(state)}, which this version cannot use:\n` +
      `${z.prettifyError(result.error)}\nResume with the version that wrote it, or start over.`,
  );
}
