import { closest } from 'fastest-levenshtein';
import { TextRecognizerError } from '../errors.ts';
import { serviceOptions, variableOf } from './service-options.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that are no option of the service: of other commands, of tests and of benchmarks. */
export const otherVariables = {
  TEXT_RECOGNIZER_DATA: 'the folder of downloaded data sets, as --data-root',
  TEXT_RECOGNIZER_FUZZ: 'how many mutated inputs the tests try',
  TEXT_RECOGNIZER_LINES: 'the folder of line packs whose splits a test compares',
  TEXT_RECOGNIZER_LAMBDA: 'the folder of a built function that tests and benchmarks start',
} as const;

/**
 * What Kubernetes and Docker set in every container beside a service that is called text-recognizer: where it is, such as
 * TEXT_RECOGNIZER_PORT_8000_TCP_ADDR.
 */
const ofServiceLinks =
  /^TEXT_RECOGNIZER_(NAME|SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?|ENV_\w+)$/;

/** The value of a variable; one that is empty, or that names a linked service, counts as unset. */
export function variable(name: string, env: Environment): string | undefined {
  const value = env[name]?.trim();
  const isServiceLink = name === 'TEXT_RECOGNIZER_PORT' && /^(tcp|udp|sctp):\/\//.test(value ?? '');
  return value === '' || isServiceLink ? undefined : value;
}

/** Throws INVALID_ARGUMENT for a variable that is set and that nothing reads, with the known name that is closest. */
export function checkVariables(env: Environment): void {
  const known = [...Object.values(serviceOptions).map(variableOf), ...Object.keys(otherVariables)];
  for (const name of Object.keys(env)) {
    if (!name.startsWith('TEXT_RECOGNIZER_') || known.includes(name) || ofServiceLinks.test(name)) continue;
    if (variable(name, env) === undefined) continue;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `The variable ${name} is unknown; did you mean ${closest(name, known)}? Otherwise remove it.`,
    );
  }
}
