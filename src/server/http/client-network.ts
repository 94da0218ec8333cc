import { isIPv6 } from 'node:net';

/**
 * What a rate limit counts by: an IPv4 address, or of IPv6 the network of 64 bits, all of which one client usually has to choose
 * from.
 */
export function clientNetwork(address: string): string {
  const [plain] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined || !isIPv6(plain)) return mapped ?? address;
  const [left, right] = plain.split('::').map((part) => part.split(':').filter(Boolean));
  const missing = right === undefined ? 0 : 8 - left.length - right.length - (plain.includes('.') ? 1 : 0);
  const groups = [...left, ...Array<string>(missing).fill('0'), ...(right ?? [])];
  return `${groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
