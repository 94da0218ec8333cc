/** Class names with upper case written as lower case. */
export function withCaseMerged(classes: readonly string[]): string[] {
  return classes.map((name) => name.toLowerCase());
}

const lookAlikes: Readonly<Record<string, string>> = { o: '0', l: '1', i: '1' };

/** Class names with case merged, 0 and o as one, and 1, l and I as one: what cannot be told apart without context. */
export function withLookAlikesMerged(classes: readonly string[]): string[] {
  return classes.map((name) => (name === 'i' ? name : (lookAlikes[name.toLowerCase()] ?? name.toLowerCase())));
}
