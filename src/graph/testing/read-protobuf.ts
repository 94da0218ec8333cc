/** A protobuf message by field number: each number's values in order, bytes for what has a length, otherwise bigints. */
export type Message = Map<number, (bigint | Uint8Array)[]>;

/**
 * Reads the wire format (https://protobuf.dev/programming-guides/encoding/) without any schema, so that tests look at files
 * with other eyes than the code that wrote them.
 */
export function readProtobuf(bytes: Uint8Array): Message {
  const message: Message = new Map();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => Uint8Array.from(bytes.subarray(at, (at += length)));
  const readers: Record<number, () => bigint | Uint8Array> = {
    0: varint,
    1: () => take(8),
    2: () => take(Number(varint())),
    5: () => take(4),
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const field = key >> 3;
    message.set(field, [...(message.get(field) ?? []), readers[key & 7]()]);
  }
  return message;
}

/** The messages in a field. */
export function messages(message: Message, field: number): Message[] {
  return (message.get(field) ?? []).map((bytes) => readProtobuf(bytes as Uint8Array));
}

/** The strings in a field. */
export function strings(message: Message, field: number): string[] {
  return (message.get(field) ?? []).map((bytes) => Buffer.from(bytes as Uint8Array).toString());
}
