import { createReadStream, existsSync, readdirSync, type ReadStream } from 'node:fs';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';

/** What of a run's folder the page may show: drawings, reports and the pictures that were read. */
const shown: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/^(?:curves|confusion-[\w.-]+)\.svg$/, 'image/svg+xml'],
  [/^report-[\w.-]+\.html$/, 'text/html; charset=utf-8'],
  [/^(?:stages\/[a-z0-9-]+\/)?predictions\/\d+\.png$/, 'image/png'],
];

/** Names of the drawings and reports in a run's folder. */
export function listRunFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => typeOf(name) !== undefined);
}

/** A file of a run's folder, as far as it may be shown; throws FILE_NOT_FOUND. */
export function openRunFile(folder: string, name: string): { readonly type: string; readonly stream: ReadStream } {
  const type = typeOf(name);
  const path = join(folder, name);
  if (type === undefined || !existsSync(path)) {
    throw new TextRecognizerError('FILE_NOT_FOUND', `The run has no drawing or report '${name}'.`);
  }
  return { type, stream: createReadStream(path) };
}

function typeOf(name: string): string | undefined {
  return shown.find(([pattern]) => pattern.test(name))?.[1];
}
