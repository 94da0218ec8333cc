import type { ReadingKind } from '../../reading/reading.ts';
import type { LineDecoder } from '../../text/decode-line.ts';
import type { SignalName } from './signals.ts';

/**
 * What is known of one request that was read: numbers only. The picture, the text and the address are not in it, and characters are
 * counted without their order.
 */
export interface Measurement {
  readonly model: string;
  readonly kind: ReadingKind;
  /** Absent where nothing was read. */
  readonly decoder?: LineDecoder;
  /** Signals that the request has; a blank picture has no slant. */
  readonly values: { readonly [name in SignalName]?: number };
  /** How often each character was read. */
  readonly characters: Readonly<Record<string, number>>;
  /** Of each word that was read. */
  readonly wordConfidences: readonly number[];
  /** `[EMBEDDING_SIZE]`: what the network said, condensed; empty where nothing was read. */
  readonly embedding: readonly number[];
}
