import { recall, remember } from '../memory.ts';
import { apiHeaders } from './api-key.ts';
import type { ModelEntry } from './reading.ts';

/** The models to choose from. */
export interface ModelList {
  readonly default: string;
  readonly models: readonly ModelEntry[];
  /** Whether there is a server that reads; else only the device can. */
  readonly hasServer: boolean;
  /** Whether that server asks for a key, or for another one. */
  readonly needsKey: boolean;
}

const KEPT = 'models';

/**
 * What the server offers; where none answers, what lies beside the page for reading on the device; and where nothing
 * does, what was offered the last time.
 */
export async function listModels(): Promise<ModelList> {
  const answer = await fetchFrom('v1/models', apiHeaders());
  const needsKey = answer?.status === 401;
  const served = await offerIn(answer);
  const fresh = served ?? (await offerIn(await fetchFrom('models/index.json')));
  if (fresh !== undefined) remember(KEPT, JSON.stringify(fresh));
  return { ...(fresh ?? keptList()), hasServer: served !== undefined || needsKey, needsKey };
}

type Offer = Pick<ModelList, 'default' | 'models'>;

async function fetchFrom(path: string, headers: Record<string, string> = {}): Promise<Response | undefined> {
  return await fetch(new URL(path, document.baseURI), { headers }).catch(() => undefined);
}

async function offerIn(response: Response | undefined): Promise<Offer | undefined> {
  if (!response?.ok || !response.headers.get('content-type')?.includes('json')) return undefined;
  const { default: first, models } = (await response.json()) as Offer;
  const entries = models.map(({ name, kind, description, decoders }) => ({ name, kind, description, decoders }));
  return { default: first, models: entries };
}

function keptList(): Offer {
  const kept = recall(KEPT);
  return kept === undefined ? { default: '', models: [] } : (JSON.parse(kept) as Offer);
}
