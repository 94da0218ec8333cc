import type { Reading } from '../../../src/reading/reading.ts';
import type { LineDecoder } from '../../../src/text/decode-line.ts';

/** How a server finds the text in what a line model says. */
export type Decoder = LineDecoder;

/** A part of a picture, in shares of its width and height, 0 to 1. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What was read, where, and how long it took. */
export interface PlacedReading {
  readonly reading: Reading;
  readonly place: Place;
  /** What computed, on this device. */
  readonly engine?: Engine;
  /** Spent on reading alone, without the way to the reader and back. */
  readonly milliseconds: number;
  /** By which a correction can be sent; only of servers that take corrections. */
  readonly requestId?: string;
}

export type Place = 'server' | 'device';

/** What computes on this device: the graphics processor, through WebGPU, or the processor, through WebAssembly. */
export type Engine = 'webgpu' | 'wasm';

/** The models of one kind take the same pictures and give the same kind of text. */
export type ModelKind = 'character' | 'line';

/** A model as the page offers it. */
export interface ModelEntry {
  readonly name: string;
  readonly kind: ModelKind;
  readonly description: string;
  /** What it can tell apart. */
  readonly classes: readonly string[];
  /** On what terms its weights may be used. */
  readonly licence: string;
  /** What the server can decode it with, its default first. */
  readonly decoders?: readonly Decoder[];
}

/** A failure with a message for the person at the page. */
export class ReadingError extends Error {
  override readonly name = 'ReadingError';
}

/** The server wants a key, or another one. */
export class KeyError extends ReadingError {}

export function noWriting(): ReadingError {
  return new ReadingError('No writing was found in this picture. Crop it more tightly, or write more firmly.');
}
