import { inflateSync } from 'node:zlib';

const SIGNATURE = 0x774f4646;

/**
 * The TrueType or OpenType file in a WOFF file (https://www.w3.org/TR/WOFF/), any other bytes as they are. The font library reads WOFF
 * too, but inflates a table in JavaScript for every glyph.
 */
export function unwrapWoff(woff: Buffer): Buffer {
  if (woff.length < 44 || woff.readUInt32BE(0) !== SIGNATURE) return woff;
  const count = woff.readUInt16BE(12);
  const header = Buffer.alloc(12 + 16 * count);
  header.writeUInt32BE(woff.readUInt32BE(4), 0);
  header.writeUInt16BE(count, 4);
  const log = Math.floor(Math.log2(count));
  header.writeUInt16BE(16 * 2 ** log, 6);
  header.writeUInt16BE(log, 8);
  header.writeUInt16BE(16 * (count - 2 ** log), 10);

  const tables: Buffer[] = [header];
  let offset = header.length;
  for (let i = 0; i < count; i++) {
    const entry = 44 + 20 * i;
    const [start, packed, size] = [4, 8, 12].map((at) => woff.readUInt32BE(entry + at));
    const bytes = woff.subarray(start, start + packed);
    const table = packed < size ? inflateSync(bytes, { maxOutputLength: size }) : bytes;
    woff.copy(header, 12 + 16 * i, entry, entry + 4);
    woff.copy(header, 16 + 16 * i, entry + 16, entry + 20);
    header.writeUInt32BE(offset, 20 + 16 * i);
    header.writeUInt32BE(size, 24 + 16 * i);
    tables.push(table, Buffer.alloc(-size & 3));
    offset += size + (-size & 3);
  }
  return Buffer.concat(tables);
}
