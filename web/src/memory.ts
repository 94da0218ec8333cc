/*
 * What the page remembers in this browser. Where the browser forbids it (private modes, blocked cookies) or has no room left, the
 * page still works and remembers until it is closed.
 */

/** How long something is remembered: from visit to visit, or until the tab is closed. */
export type Span = 'visits' | 'tab';

/** What the browser's storage did not take. */
const here = new Map<string, string>();

/** What was remembered under `key`, if anything was. */
export function recall(key: string, span: Span = 'visits'): string | undefined {
  return here.get(key) ?? withStorage(span, (storage) => storage.getItem(key)) ?? undefined;
}

/** Remembers `value` under `key`. */
export function remember(key: string, value: string, span: Span = 'visits'): void {
  const isKept = withStorage(span, (storage) => {
    storage.setItem(key, value);
    return true;
  });
  if (isKept) here.delete(key);
  else here.set(key, value);
}

function withStorage<T>(span: Span, use: (storage: Storage) => T): T | undefined {
  try {
    // Where storage is forbidden, already naming it throws.
    return use(span === 'tab' ? sessionStorage : localStorage);
  } catch {
    return undefined;
  }
}
