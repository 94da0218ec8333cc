import { z } from 'zod';
import { TextRecognizerError } from '../errors.ts';

/** What can be made by name: each parses its configuration with a schema of its own. */
export type Makers<Made> = Readonly<Record<string, (config: unknown) => Made>>;

/**
 * Makes what `makers` has under that name; `kind` says in errors what that is. Throws INVALID_ARGUMENT for an unknown name
 * or a configuration that does not fit.
 */
export function createNamed<Made>(kind: string, makers: Makers<Made>, name: string, config: unknown): Made {
  if (!Object.hasOwn(makers, name)) {
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `There is no ${kind} '${name}'; there are ${Object.keys(makers).join(', ')}.`,
    );
  }
  try {
    return makers[name](config);
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `The configuration of ${kind} '${name}' is not right:\n${z.prettifyError(cause)}`,
      { cause },
    );
  }
}
