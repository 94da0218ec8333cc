const KEYS = {
  row: { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity },
  column: { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity },
} as const;

/** Where a key moves to among `length` things in a row or a column; undefined for other keys. */
export function indexAfter(key: string, index: number, length: number, layout: keyof typeof KEYS): number | undefined {
  const step = (KEYS[layout] as Readonly<Record<string, number>>)[key];
  return step === undefined ? undefined : Math.max(0, Math.min(length - 1, index + step));
}
