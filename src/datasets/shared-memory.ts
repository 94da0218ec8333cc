/** `bytes` itself when it lies in shared memory already, otherwise a copy there, so that threads can read it together. */
export function toShared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  if (isShared(bytes)) return bytes;
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

/** A copy of `indices` as uint32 in shared memory. */
export function toSharedIndices(indices: ArrayLike<number>): Uint32Array<SharedArrayBuffer> {
  const shared = new Uint32Array(new SharedArrayBuffer(indices.length * 4));
  shared.set(indices);
  return shared;
}

function isShared(bytes: Uint8Array): bytes is Uint8Array<SharedArrayBuffer> {
  return bytes.buffer instanceof SharedArrayBuffer;
}
