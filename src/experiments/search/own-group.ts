import { dirname, resolve } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import type { JsonValue } from '../../training/callback.ts';
import { changeField } from './change-field.ts';
import { expandSearch, type Change } from './expand-search.ts';
import type { GroupDraft, RunDraft } from './group-draft.ts';
import { groupSchema } from './group-schema.ts';
import { formatPath, type JsonPath, type JsonSource } from './json-source.ts';
import { parseGroupFile } from './parse-group-file.ts';
import { populationOf } from './population-of.ts';
import { readJsonSource } from './read-json-source.ts';

/** The base experiment, and where it stands: in a file of its own, or in that of the group. */
interface Base {
  readonly experiment: JsonValue;
  readonly source: JsonSource;
  readonly at: JsonPath;
}

/** The runs of a file with `base` and `search`. */
export async function ownGroup(source: JsonSource): Promise<GroupDraft> {
  const { name, description, base: baseOfFile, search, halving, metric, ...file } = parseGroupFile(source, groupSchema);
  const population = file.population && populationOf(source, file.population, { search, halving });
  const base = await openBase(source, baseOfFile);
  const runs = expandSearch(search).map((changes) => draftRun(source, base, changes));
  return { name, description, runs, halving, population, metric };
}

async function openBase(source: JsonSource, base: string | Record<string, JsonValue>): Promise<Base> {
  if (typeof base !== 'string') return { experiment: base, source, at: ['base'] };
  const file = resolve(dirname(source.file), base);
  const baseSource = await readJsonSource(file).catch((error: unknown) => {
    if (!(error instanceof TextRecognizerError) || error.code !== 'FILE_NOT_FOUND') throw error;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `${source.file}:${source.lineOf(['base'])}: base: ${error.message}`,
    );
  });
  return { experiment: baseSource.value as JsonValue, source: baseSource, at: [] };
}

function draftRun(source: JsonSource, base: Base, changes: readonly Change[]): RunDraft {
  return {
    settings: Object.fromEntries(changes.map(({ field, value }) => [field, value])),
    experiment: changes.reduce((json, change) => applyChange(source, json, change), base.experiment),
    locate: (path) => locate(source, base, changes, path),
  };
}

function applyChange(source: JsonSource, json: JsonValue, { field, value, from }: Change): JsonValue {
  const changed = changeField(json, field, value);
  if (changed !== undefined) return changed;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `${source.file}:${source.lineOf(['search', ...from])}: ${field}: The base experiment has no such field: ` +
      'the path leads through a value that is not an object, or past the end of an array.',
  );
}

/** In `search` where the run has a value of its own, otherwise in the base experiment. */
function locate(source: JsonSource, base: Base, changes: readonly Change[], path: JsonPath): string {
  const change = changes.findLast(({ field }) => isWithin(path.join('.'), field) || isWithin(field, path.join('.')));
  if (change) {
    const value = JSON.stringify(change.value);
    return `${source.file}:${source.lineOf(['search', ...change.from])}: ${change.field} = ${value}`;
  }
  return `${base.source.file}:${base.source.lineOf([...base.at, ...path])}: ${formatPath([...base.at, ...path])}`;
}

function isWithin(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`);
}
