/*
 * What the page remembers in this browser. Where the browser forbids it (private modes, blocked cookies) or has no room left, the
 * page works all the same and remembers until it is closed.
 */

/** How long something is remembered: from visit to visit, or until the tab is closed. */
export type Span = 'visits' | 'tab';

const here = new Map<string, string>();

/** What was remembered under `key`, if anything was. */
export function recall(key: string, span: Span = 'visits'): string | undefined {
  return here.get(key) ?? withStorage(span, (storage) => storage.getItem(key)) ?? undefined;
}

/** Remembers `value` under `key`; an empty one is forgotten. */
export function remember(key: string, value: string, span: Span = 'visits'): void {
  here.set(key, value);
  withStorage(span, (storage) => (value === '' ? storage.removeItem(key) : storage.setItem(key, value)));
}

function withStorage<T>(span: Span, use: (storage: Storage) => T): T | undefined {
  try {
    // Where storage is forbidden, already naming it throws.
    return use(span === 'tab' ? sessionStorage : localStorage);
  } catch {
    return undefined;
  }
}
