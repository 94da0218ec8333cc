import type { ModelEntry } from './reading.ts';

/** The models to choose from. */
export interface ModelList {
  readonly default: string;
  readonly models: readonly ModelEntry[];
  /** Whether there is a server that reads; else only the device can. */
  readonly hasServer: boolean;
}

const KEPT = 'models';

/**
 * What the server offers; where none answers, what lies beside the page for reading on the device; and where nothing
 * does, what was offered the last time.
 */
export async function listModels(): Promise<ModelList> {
  const served = await fetchList('v1/models');
  const fresh = served ?? (await fetchList('models/index.json'));
  if (fresh !== undefined) localStorage.setItem(KEPT, JSON.stringify(fresh));
  return { ...(fresh ?? keptList()), hasServer: served !== undefined };
}

type Offer = Omit<ModelList, 'hasServer'>;

async function fetchList(path: string): Promise<Offer | undefined> {
  const response = await fetch(new URL(path, document.baseURI)).catch(() => undefined);
  if (!response?.ok || !response.headers.get('content-type')?.includes('json')) return undefined;
  const { default: first, models } = (await response.json()) as Offer;
  return { default: first, models: models.map(({ name, kind, description }) => ({ name, kind, description })) };
}

function keptList(): Offer {
  const kept = localStorage.getItem(KEPT);
  return kept === null ? { default: '', models: [] } : (JSON.parse(kept) as Offer);
}
