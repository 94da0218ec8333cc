import type { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { formatPath, type JsonPath, type JsonSource } from './json-source.ts';

/** The content of a group's file; throws INVALID_ARGUMENT with line and field of every fault. */
export function parseGroupFile<Output>(source: JsonSource, schema: z.ZodType<Output>): Output {
  const result = schema.safeParse(source.value);
  if (result.success) return result.data;
  throw groupFaults(
    result.error.issues.map((issue) => {
      const path = pathOf(issue);
      return `${source.file}:${source.lineOf(path)}: ${formatPath(path) || 'the group'}: ${issue.message}`;
    }),
  );
}

/** INVALID_ARGUMENT with a line for each fault. */
export function groupFaults(faults: readonly string[]): TextRecognizerError {
  const list = [...new Set(faults)].join('\n');
  return new TextRecognizerError(
    'INVALID_ARGUMENT',
    `This is not a valid group of experiments:\n${list}\nSee docs/experiments.md.`,
  );
}

/** Where an issue is; a key that is not known is told with its own line. */
export function pathOf(issue: z.core.$ZodIssue): JsonPath {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  return issue.code === 'unrecognized_keys' ? [...path, issue.keys[0]] : path;
}
