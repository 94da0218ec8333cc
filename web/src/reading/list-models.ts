import { type Models, ServiceError } from '../../../src/client/text-recognizer-client.ts';
import { recall, remember } from '../memory.ts';
import { siteClient } from './read-on-server.ts';
import type { ModelEntry } from './reading.ts';

/** The models to choose from. */
export interface ModelList {
  readonly default: string;
  readonly models: readonly ModelEntry[];
  /** Whether there is a server that reads; otherwise only the device can. */
  readonly hasServer: boolean;
  /** Whether that server asks for a key, or for another one. */
  readonly needsKey: boolean;
}

type Offer = Pick<ModelList, 'default' | 'models'>;

/** Lists kept by earlier versions of the page, as `models`, tell less. */
const KEPT = 'offer';

/**
 * What the server offers; where none answers, what lies beside the page for reading on the device; and where nothing
 * does, what was offered the last time.
 */
export async function listModels(): Promise<ModelList> {
  let needsKey = false;
  const served = await siteClient()
    .models()
    .catch((error: unknown) => {
      needsKey = error instanceof ServiceError && error.status === 401;
      return undefined;
    });
  const offer = served ? offerOf(served) : await besidePage();
  if (offer !== undefined) remember(KEPT, JSON.stringify(offer));
  return { ...(offer ?? keptOffer()), hasServer: served !== undefined || needsKey, needsKey };
}

/** What of a server's list is worth keeping. */
function offerOf({ default: first, models }: Models): Offer {
  const entries = models.map(({ name, kind, description, decoders, classes, licence }) => {
    return { name, kind, description, decoders, classes, licence };
  });
  return { default: first, models: entries };
}

async function besidePage(): Promise<Offer | undefined> {
  const response = await fetch(new URL('models/index.json', document.baseURI)).catch(() => undefined);
  if (!response?.ok || !response.headers.get('content-type')?.includes('json')) return undefined;
  return (await response.json()) as Offer;
}

function keptOffer(): Offer {
  const kept = recall(KEPT);
  return kept === undefined ? { default: '', models: [] } : (JSON.parse(kept) as Offer);
}
