import { recall, remember } from '../memory.ts';

const KEY = 'api-key';

/** The key that opens the server's API; kept until the tab is closed, and sent to this site alone. */
export function apiKey(): string {
  return recall(KEY, 'tab') ?? '';
}

export function keepApiKey(key: string): void {
  remember(KEY, key, 'tab');
}

/** Headers of a request to the API. */
export function apiHeaders(): Record<string, string> {
  const key = apiKey();
  return key === '' ? {} : { authorization: `Bearer ${key}` };
}
