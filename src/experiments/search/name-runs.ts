import { createHash } from 'node:crypto';
import type { JsonValue } from '../../training/callback.ts';

const MAX_LENGTH = 160;

/** Values of fields, with dots in their names. */
export type Settings = Readonly<Record<string, JsonValue>>;

/**
 * Names of runs, which are names of folders: the fields that differ among the runs with their values, e.g.
 * `learningRate=0.003,hidden=128-64`. No two are equal, also where case is ignored.
 */
export function nameRuns(runs: readonly Settings[]): string[] {
  const fields = [...new Set(runs.flatMap((run) => Object.keys(run)))];
  const differing = fields.filter((field) => new Set(runs.map((run) => JSON.stringify(run[field]))).size > 1);
  const nameParts = differing.map((field) => partNamer(field, differing, runs));
  const taken = new Set<string>();
  return runs.map((run, i) => {
    const parts = nameParts.flatMap((partOf) => partOf(run) ?? []);
    const name = shortened(parts.join(',') || (runs.length === 1 ? 'run' : 'base'));
    const unique = taken.has(name.toLowerCase()) ? `${name},run=${i + 1}` : name;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/** What the name of a run says of a field; undefined where the run does not have it. */
function partNamer(
  field: string,
  fields: readonly string[],
  runs: readonly Settings[],
): (run: Settings) => string | undefined {
  const short = shortNameOf(field, fields);
  const values = new Map(runs.flatMap((run) => (field in run ? [[JSON.stringify(run[field]), run[field]]] : [])));
  const names = [...values.values()].map(valueName);
  return (run) => {
    if (!(field in run)) return undefined;
    const name = valueName(run[field]);
    const isAmbiguous = names.filter((other) => other === name).length > 1;
    return `${short}=${name}${isAmbiguous ? `-${hashOf(JSON.stringify(run[field]))}` : ''}`;
  };
}

/** The shortest end of a field that tells it from the others: `learningRate`, or `optimizer.kind` beside `schedule.kind`. */
function shortNameOf(field: string, fields: readonly string[]): string {
  const keys = field.split('.');
  // A number alone says nothing.
  const least = keys.findLastIndex((key) => !/^\d+$/.test(key));
  for (let start = Math.max(least, 0); start > 0; start--) {
    const end = keys.slice(start).join('.');
    if (fields.every((other) => other === field || !`.${other}`.endsWith(`.${end}`))) return safe(end);
  }
  return safe(field);
}

function valueName(value: JsonValue): string {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.map(valueName).join('-');
  if (value === null || typeof value !== 'object') return safe(String(value));
  const { kind, name } = value as { kind?: unknown; name?: unknown };
  const said = kind ?? name;
  return typeof said === 'string' ? safe(said) : hashOf(JSON.stringify(value));
}

function safe(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9.+_-]+/g, '-');
}

function shortened(name: string): string {
  return name.length <= MAX_LENGTH ? name : `${name.slice(0, MAX_LENGTH - 7)}-${hashOf(name)}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6);
}
