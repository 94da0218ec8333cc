import { isIP } from 'node:net';
import { TextRecognizerError } from '../errors.ts';

/* Values of options and variables. What is none throws INVALID_ARGUMENT with a sentence that says what it must be. */

/** A whole number from `minimum` to `maximum`, in decimal digits. */
export function wholeNumber(minimum: number, maximum = Infinity): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= minimum && value <= maximum) return value;
    const range = maximum === Infinity ? `from ${minimum}` : `from ${minimum} to ${maximum}`;
    throw invalid(`It must be a whole number ${range}.`);
  };
}

/** A number from `minimum` to `maximum`, as 0.5 or 12. */
export function decimal(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
    if (value >= minimum && value <= maximum) return value;
    throw invalid(`It must be a number from ${minimum} to ${maximum}.`);
  };
}

/** Yes or no, in the usual spellings. */
export function parseBoolean(text: string): boolean {
  if (isYes(text)) return true;
  if (isNo(text)) return false;
  throw invalid('It must be true, yes, on or 1, or false, no, off or 0.');
}

/** A file, or false for none. */
export function parseFile(text: string): string | false {
  return isNo(text) ? false : text;
}

/** Any text. */
export function parseText(text: string): string {
  return text;
}

/** Values between commas, at least one. */
export function parseList(text: string): readonly string[] {
  const values = text.split(',').flatMap((part) => part.trim() || []);
  if (values.length > 0) return values;
  throw invalid('It must be one value, or several with commas between them.');
}

/** SHA-256 of keys between commas. */
export function parseKeyHashes(text: string): readonly string[] {
  const hashes = parseList(text);
  if (hashes.every((hash) => /^[0-9a-f]{64}$/i.test(hash))) return hashes;
  throw invalid('It must be the SHA-256 of each key, 64 hexadecimal digits: printf %s "$KEY" | sha256sum.');
}

/** One of `choices`. */
export function oneOf<Choice extends string>(choices: readonly Choice[]): (text: string) => Choice {
  return (text) => {
    const choice = choices.find((other) => other === text);
    if (choice !== undefined) return choice;
    throw invalid(`It must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}.`);
  };
}

/** Origins of sites between commas, as browsers send them: without a path. */
export function parseOrigins(text: string): readonly string[] {
  return parseList(text).map((part) => {
    const url = URL.canParse(part) ? new URL(part) : undefined;
    const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
    if (url !== undefined && isWeb && [url.origin, `${url.origin}/`].includes(url.href.replace(/\/$/, '')))
      return url.origin;
    throw invalid(`'${part}' must be the origin of a site, without a path, such as https://example.org.`);
  });
}

/** An address of one of the protocols, such as `https`; it is not repeated in the error, as it may contain a password. */
export function parseAddress(...protocols: readonly string[]): (text: string) => string {
  return (text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url !== undefined && url.hostname !== '' && protocols.includes(url.protocol.slice(0, -1))) return text;
    throw invalid(`It must be an address that begins with ${protocols.map((name) => `${name}://`).join(' or ')}.`);
  };
}

/** Addresses of mail between commas. */
export function parseMailAddresses(text: string): readonly string[] {
  const addresses = parseList(text);
  if (addresses.every((address) => /^[^\s@<>]+@[^\s@<>]+$/.test(address))) return addresses;
  throw invalid('It must be addresses such as someone@example.org, with commas between them.');
}

/** Proxies that are believed: how many before the service, counted from it, or their addresses; false for none. */
export type TrustProxy = number | readonly string[] | false;

/** The addresses that proxy-addr, which Fastify uses, knows by a name. */
const namedNetworks = new Set(['loopback', 'linklocal', 'uniquelocal']);
const advice =
  'It must say which proxies to trust: how many are in front of the service (1), or their addresses (10.0.0.0/8, fd00::/8).';

/** How many proxies are before the service, or their addresses and networks between commas. */
export function parseTrustProxy(text: string): TrustProxy {
  if (isNo(text)) return false;
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  const networks = text.split(',').map((part) => part.trim());
  if (networks.every(isNetwork)) return networks;
  throw invalid(advice);
}

function isNetwork(text: string): boolean {
  if (namedNetworks.has(text)) return true;
  const [, address = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = { 4: 32, 6: 128 }[isIP(address)];
  // A network of all addresses would believe everyone.
  return bits !== undefined && (prefix === undefined || (Number(prefix) > 0 && Number(prefix) <= bits));
}

const isYes = (text: string): boolean => /^(true|yes|on|1)$/i.test(text);
const isNo = (text: string): boolean => /^(false|no|off|0)$/i.test(text);

function invalid(message: string): TextRecognizerError {
  return new TextRecognizerError('INVALID_ARGUMENT', message);
}
