/** Names every setting that differs between two configurations, with both values: `seed is 43 and was 42`. */
export function configDifferences(before: unknown, now: unknown): string[] {
  const [old, current] = [leaves(before), leaves(now)];
  return [...new Set([...old.keys(), ...current.keys()])].flatMap((name) => {
    const [was, is] = [old.get(name) ?? 'not set', current.get(name) ?? 'not set'];
    return was === is ? [] : [`${name} is ${is} and was ${was}`];
  });
}

/** The values of a JSON object as JSON, by their paths: `optimizer.kind` is `"adamw"`. */
function leaves(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, JSON.stringify(value)]]);
  const parts = Object.entries(value).filter(([, part]) => part !== undefined);
  return new Map(parts.flatMap(([key, part]) => Array.from(leaves(part, path === '' ? key : `${path}.${key}`))));
}
