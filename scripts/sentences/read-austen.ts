import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

/** R serialisation: a CHARSXP's flags (type 9, encoding in the bits above) and its length, both big-endian. */
const stringFlags = new Set([0x00040009, 0x00080009, 0x00000009]);

/**
 * Jane Austen's six novels from R's lazy-load database: records of a big-endian length and a zlib stream, which inflate
 * to serialised character vectors with one printed line per string; blank strings end paragraphs.
 */
export function* readAusten(folder: string): Iterable<string> {
  const database = readFileSync(join(folder, 'usr/lib/R/site-library/janeaustenr/data/Rdata.rdb'));
  let offset = 0;
  while (offset + 4 < database.length) {
    const record = inflateSync(database.subarray(offset + 4), { info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    yield* paragraphsOf(stringsOf(record.buffer));
    offset += 4 + record.engine.bytesWritten;
  }
}

function* stringsOf(record: Buffer): Iterable<string> {
  for (let at = 0; at + 8 <= record.length;) {
    const length = stringFlags.has(record.readUInt32BE(at)) ? record.readInt32BE(at + 4) : -1;
    if (length >= 0 && at + 8 + length <= record.length && length < 200) {
      yield record.toString('utf8', at + 8, at + 8 + length);
      at += 8 + length;
    } else {
      at++;
    }
  }
}

function* paragraphsOf(lines: Iterable<string>): Iterable<string> {
  let paragraph: string[] = [];
  for (const line of lines) {
    if (line.trim() !== '') paragraph.push(line);
    else if (paragraph.length > 0) {
      yield paragraph.join(' ').replace(/_/gu, '');
      paragraph = [];
    }
  }
  yield paragraph.join(' ').replace(/_/gu, '');
}
