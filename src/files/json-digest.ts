/**
 * SHA-256 in hexadecimal of an object's JSON, with sorted keys and no white space, and without its own `digest`: the same however the
 * file that holds it is laid out.
 */
export async function jsonDigest(value: object): Promise<string> {
  const { digest: _, ...rest } = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
  const bytes = new TextEncoder().encode(JSON.stringify(rest, sortKeys));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
