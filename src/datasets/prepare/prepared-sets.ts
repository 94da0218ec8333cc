import { join } from 'node:path';

/** Where a named set comes from, and what it becomes. */
export type PreparedSet =
  | { readonly kind: 'iam'; readonly source: string; readonly part: 'train' | 'val' | 'test' | 'extra' }
  | { readonly kind: 'strokes'; readonly source: string }
  | { readonly kind: 'pages'; readonly source: string; readonly list: string };

/** Collections of pages in PAGE XML or ALTO, and the lists of pages in their `data/NAME/pages.json`. */
const collections: Readonly<Record<string, readonly string[]>> = {
  copiste: ['train', 'test', 'pages-train', 'pages-test'],
  hooker: ['train', 'test', 'pages-train', 'pages-test'],
  peraire: ['pages-train', 'pages-test'],
  poilus: ['train', 'test'],
  cremma19: ['train', 'test'],
  zola: ['pages-train'],
  timeus: ['pages-train', 'pages-test'],
  lectaurep: ['pages-train', 'pages-test'],
};

const sets: Readonly<Record<string, PreparedSet>> = {
  ...Object.fromEntries(
    (['train', 'val', 'test', 'extra'] as const).map((part) => [
      `iam-${part}`,
      { kind: 'iam', source: 'iam-lines', part },
    ]),
  ),
  'iam-ondb-strokes': { kind: 'strokes', source: 'iam-ondb' },
  ...Object.fromEntries(
    Object.entries(collections).flatMap(([source, lists]) =>
      lists.map((list) => [`${source}-${list}`, { kind: 'pages', source, list }]),
    ),
  ),
};

/** The names that `prepare` makes of the official form of a data set. */
export const PREPARED_NAMES: readonly string[] = Object.keys(sets);

/** What `name` is made of; undefined for names that `prepare` does not know. */
export function preparedSet(name: string): PreparedSet | undefined {
  return Object.hasOwn(sets, name) ? sets[name] : undefined;
}

/** Where the official files of a set are looked for. */
export function officialFolder({ source }: PreparedSet, root: string): string {
  return join(root, 'raw', source);
}
