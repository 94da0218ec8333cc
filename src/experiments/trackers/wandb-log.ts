import { crc32 } from 'node:zlib';

const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;
const types = { full: 1, first: 2, middle: 3, last: 4 } as const;

/** The first bytes of a file: `:W&B`, the number 0xBEE1, and version 0. */
const FILE_HEADER = Uint8Array.of(0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0);

/**
 * Frames records as the log of a `.wandb` file: LevelDB's log format (https://github.com/google/leveldb/blob/main/doc/log_format.md) with W&B's
 * header of the file, and zlib's CRC-32 in the place of CRC-32C, as W&B's own reader computes it.
 */
export class WandbLog {
  #bytes = FILE_HEADER.length;

  /** Comes before the first record. */
  readonly header: Uint8Array = FILE_HEADER;

  /** The bytes that append a record: blocks of 32 KiB, across whose borders a record is split. */
  frame(record: Uint8Array): Buffer {
    const parts: Uint8Array[] = [];
    let rest = record;
    let isFirst = true;
    do {
      const room = BLOCK_BYTES - (this.#bytes % BLOCK_BYTES);
      if (room < HEADER_BYTES) {
        this.#push(parts, new Uint8Array(room));
        continue;
      }
      const data = rest.subarray(0, room - HEADER_BYTES);
      rest = rest.subarray(data.length);
      const isLast = rest.length === 0;
      const type = isFirst ? (isLast ? types.full : types.first) : isLast ? types.last : types.middle;
      this.#push(parts, headerOf(data, type));
      this.#push(parts, data);
      isFirst = false;
    } while (isFirst || rest.length > 0);
    return Buffer.concat(parts);
  }

  #push(parts: Uint8Array[], bytes: Uint8Array): void {
    parts.push(bytes);
    this.#bytes += bytes.length;
  }
}

/** Checksum (uint32) of type and data, length (uint16) and type (uint8), little-endian. */
function headerOf(data: Uint8Array, type: number): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  const ofType = crc32(Uint8Array.of(type));
  // Of no data zlib may forget the value that it goes on from.
  header.writeUInt32LE(data.length === 0 ? ofType : crc32(data, ofType), 0);
  header.writeUInt16LE(data.length, 4);
  header[6] = type;
  return header;
}
