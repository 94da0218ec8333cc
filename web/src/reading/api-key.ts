const KEY = 'api-key';

/** The key that opens the server's API; kept until the tab is closed, and sent to this site alone. */
export function apiKey(): string {
  return sessionStorage.getItem(KEY) ?? '';
}

export function keepApiKey(key: string): void {
  if (key === '') sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, key);
}

/** Headers of a request to the API. */
export function apiHeaders(): Record<string, string> {
  const key = apiKey();
  return key === '' ? {} : { authorization: `Bearer ${key}` };
}
