import { eventType, type TensorBoardEvent } from '../event.ts';

/** The inverse of `encodeEvent`; fields that are not declared are skipped. */
export function decodeEvent(bytes: Uint8Array): TensorBoardEvent {
  return eventType.toObject(eventType.decode(bytes), { longs: Number }) as TensorBoardEvent;
}
