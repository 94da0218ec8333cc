import { TextRecognizerError } from '../errors.ts';
import { type Adapter, belongsTo, wrongBase } from './adapter.ts';
import { withAdapter } from './apply-adapter.ts';
import type { StoredModel } from './model-store.ts';
import { readAdapter } from './read-adapter.ts';

/**
 * The models, and before the first that reads lines those that the files of adapters make of them. Throws INVALID_ARGUMENT where an adapter belongs to none
 * of the models, or has the name of another, and what reading the files throws.
 */
export async function readAdapted(
  models: readonly StoredModel[],
  files: readonly string[] = [],
): Promise<readonly StoredModel[]> {
  const adapted: StoredModel[] = [];
  for (const adapter of await Promise.all(files.map(readAdapter))) {
    requireNewName(adapter, [...adapted, ...models]);
    adapted.push(withAdapter(baseOf(adapter, models), adapter));
  }
  const first = models.findIndex(({ manifest }) => manifest.kind === 'line');
  return models.toSpliced(Math.max(0, first), 0, ...adapted);
}

function baseOf(adapter: Adapter, models: readonly StoredModel[]): StoredModel {
  const base = models.find(({ manifest }) => belongsTo(adapter, manifest));
  if (base) return base;
  const namesake = models.find(({ manifest }) => manifest.name === adapter.about.base.name);
  throw wrongBase(adapter, (namesake ?? models[0]).manifest);
}

function requireNewName({ about: { name } }: Adapter, models: readonly StoredModel[]): void {
  if (!models.some(({ manifest }) => manifest.name === name)) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `There are two models '${name}', one of them an adapter; give the adapter a name of its own with \`adapt --name\`.`,
  );
}
