import type { JsonValue } from '../../training/callback.ts';

type JsonObject = { [key: string]: JsonValue };

/**
 * The JSON with another value at a path of names with dots between them; objects that are missing on the way are made. Undefined where
 * the path leads through what is no object and no element of an array.
 */
export function changeField(json: JsonValue, field: string, value: JsonValue): JsonValue | undefined {
  const [key, ...rest] = field.split('.');
  const set = (before: JsonValue) => (rest.length === 0 ? value : changeField(before, rest.join('.'), value));
  if (Array.isArray(json)) {
    const index = /^\d+$/.test(key) ? Number(key) : json.length;
    if (index >= json.length) return undefined;
    const changed = set(json[index]);
    return changed === undefined ? undefined : json.with(index, changed);
  }
  if (json === null || typeof json !== 'object') return undefined;
  const changed = set(Object.hasOwn(json, key) ? json[key] : {});
  // Spreading, unlike assigning, takes `__proto__` as a name like any other.
  return changed === undefined ? undefined : ({ ...json, [key]: changed } satisfies JsonObject);
}

/** The JSON with other values at paths that lead through objects. */
export function changeFields(json: JsonValue, values: Readonly<Record<string, JsonValue>>): JsonValue {
  return Object.entries(values).reduce((before, [field, value]) => changeField(before, field, value) ?? before, json);
}
