import { recall, remember } from '../memory.ts';

const KEY = 'api-key';

/** The key that opens the server's API; kept until the tab is closed, and sent to this site alone. */
export function apiKey(): string {
  return recall(KEY, 'tab') ?? '';
}

export function keepApiKey(key: string): void {
  remember(KEY, key, 'tab');
}
