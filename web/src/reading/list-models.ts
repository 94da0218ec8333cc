import type { ModelEntry } from './reading.ts';

/** The models to choose from. */
export interface ModelList {
  readonly default: string;
  readonly models: readonly ModelEntry[];
  /** Whether there is a server that reads; else only the device can. */
  readonly hasServer: boolean;
}

/** What the server offers, or, where none answers, what lies beside the page for reading on the device. */
export async function listModels(): Promise<ModelList> {
  const served = await fetchList('v1/models');
  if (served !== undefined) return { ...served, hasServer: true };
  const kept = await fetchList('models/index.json');
  return { ...(kept ?? { default: '', models: [] }), hasServer: false };
}

async function fetchList(path: string): Promise<Omit<ModelList, 'hasServer'> | undefined> {
  const response = await fetch(new URL(path, document.baseURI)).catch(() => undefined);
  if (!response?.ok || !response.headers.get('content-type')?.includes('json')) return undefined;
  return (await response.json()) as Omit<ModelList, 'hasServer'>;
}
