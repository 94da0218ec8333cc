import type { LineDecoder } from '../../../src/text/decode-line.ts';

/** How a server finds the text in what a line model says. */
export type Decoder = LineDecoder;

/** A reading with the probability that it is right, in [0, 1]. */
export interface Alternative {
  readonly text: string;
  readonly confidence: number;
}

/** A part of a picture, in shares of its width and height, 0 to 1. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface CharacterReading extends Alternative {
  readonly alternatives: readonly Alternative[];
  /** Where it is; undefined where the model does not tell. */
  readonly region?: Region;
}

export interface WordReading extends Alternative {
  readonly region?: Region;
}

/** What was read in a picture. */
export interface Reading extends Alternative {
  readonly characters: readonly CharacterReading[];
  /** What is between the spaces. */
  readonly words: readonly WordReading[];
  /** Other readings of the whole. */
  readonly alternatives: readonly Alternative[];
  readonly model: string;
  readonly reader: Place;
  /** What computed, on this device. */
  readonly engine?: Engine;
  /** Spent on reading alone, without the way to the reader and back. */
  readonly milliseconds: number;
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
  return new ReadingError('There is no writing to be found in this picture. Crop it closer, or write more firmly.');
}
