import { BlockList, isIP } from 'node:net';

/** IPv4 that is not globally reachable, and multicast (IANA IPv4 Special-Purpose Address Registry, RFC 6890). */
const specialIpv4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** Parts of 2000::/3 that lead elsewhere: Teredo and other protocols, documentation, 6to4. */
const specialIpv6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

/**
 * Addresses of the public ranges that mean the platform itself to whoever asks from inside it. The others that platforms have
 * (169.254.169.254, Alibaba's 100.100.100.200, Oracle's 192.0.0.192, fd00:ec2::254, fd20:ce::254) lie in special ranges.
 */
const platformIpv4: readonly (readonly [string, number])[] = [
  // Azure: WireServer, DNS and the health of machines (learn.microsoft.com, "What is IP address 168.63.129.16?").
  ['168.63.129.16', 32],
  // Google: private.googleapis.com and restricted.googleapis.com, for networks without a way to the internet.
  ['199.36.153.4', 30],
  ['199.36.153.8', 30],
  // IBM: services and the classic infrastructure's endpoints.
  ['161.26.0.0', 16],
  ['166.8.0.0', 14],
  // Tencent: resolvers of its private network.
  ['183.60.82.98', 32],
  ['183.60.83.19', 32],
];

const platformIpv6: readonly (readonly [string, number])[] = [
  // Google: private.googleapis.com and restricted.googleapis.com.
  ['2600:2d00:2:1000::', 64],
  ['2600:2d00:2:2000::', 64],
];

/** Names that lead to a platform's metadata or only inside, whatever they resolve to. */
const insideNames: readonly RegExp[] = [
  /^[^.]*$/,
  /(^|\.)(internal|local|localhost|localdomain|lan|intranet|svc|home\.arpa)$/,
  /^metadata\.(goog|tencentyun\.com|packet\.net|platformequinix\.com)$/,
];

const refused = new BlockList();
for (const [network, prefix] of [...specialIpv4, ...platformIpv4]) refused.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [...specialIpv6, ...platformIpv6]) refused.addSubnet(network, prefix, 'ipv6');

const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/** ISATAP (RFC 5214): the last 64 bits carry an IPv4 address in a prefix of any network. */
const isatap = /:(?:0{0,4}|0?200):5efe:[^:]+(?::[^:]+)?$/i;

/**
 * Whether an IP address belongs to the public internet. Loopback, private, link-local and metadata addresses do not, nor
 * those of cloud platforms for their own, nor IPv6 that carries an IPv4 address inside (mapped, NAT64, 6to4, Teredo, ISATAP),
 * nor anything that is not an address.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !refused.check(address, 'ipv4');
  if (isIP(address) !== 6 || address.includes('%') || isatap.test(address)) return false;
  return globalUnicast.check(address, 'ipv6') && !refused.check(address, 'ipv6');
}

/** Whether a host name may be resolved at all: one with a dot that is not kept for the inside, such as `metadata.google.internal`. */
export function isPublicName(name: string): boolean {
  const plain = name.toLowerCase().replace(/\.$/, '');
  return !insideNames.some((pattern) => pattern.test(plain));
}
