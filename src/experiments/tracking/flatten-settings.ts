import type { Setting } from './run-summary.ts';

/** Every setting of an experiment by its path, as `training.seed` or `data.train.0.weight`; empty lists and objects are left out. */
export function flattenSettings(value: unknown, path = ''): Record<string, Setting> {
  if (typeof value !== 'object' || value === null) return path === '' ? {} : { [path]: value as Setting };
  const below = Object.entries(value).map(([name, inner]) =>
    flattenSettings(inner, path === '' ? name : `${path}.${name}`),
  );
  return Object.assign({}, ...below) as Record<string, Setting>;
}
