import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

const entryBytes = 12;

/**
 * The verses of the World English Bible as a SWORD zText module: `.bzs` lists offset, length and unpacked length of the
 * zlib blocks in `.bzz`, whose text is OSIS mark-up.
 */
export function* readSword(folder: string): Iterable<string> {
  const module = join(folder, 'usr', 'share', 'sword', 'modules', 'texts', 'ztext', 'engWEB2015eb');
  for (const testament of ['ot', 'nt']) {
    const index = readFileSync(join(module, `${testament}.bzs`));
    const blocks = readFileSync(join(module, `${testament}.bzz`));
    for (let entry = 0; entry + entryBytes <= index.length; entry += entryBytes) {
      const start = index.readUInt32LE(entry);
      const osis = inflateSync(blocks.subarray(start, start + index.readUInt32LE(entry + 4))).toString('utf8');
      yield* osis
        .replace(/<note[\s\S]*?<\/note>|<title[\s\S]*?<\/title>/gu, '')
        .split(/<(?:verse|chapter|div|p|lg?|lb)\b[^>]*>/u)
        .map((part) => part.replace(/<[^>]*>/gu, ''));
    }
  }
}
