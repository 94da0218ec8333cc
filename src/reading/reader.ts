import { TextRecognizerError } from '../errors.ts';
import type { GrayImage } from '../images/gray-image.ts';
import type { ReaderManifest } from '../models/model-manifest.ts';
import type { LineDecoder } from '../text/decode-line.ts';
import type { TextRules } from '../text/constraints/text-rules.ts';
import type { LineObserver } from './observed-line.ts';
import type { LineReading } from './reading.ts';

/** How to find the text in what a network says, and what is known of it; lines are decoded with `beam` or `lm` under rules. */
export interface ReadOptions extends TextRules {
  /** One of the reader's own; the first of them by default. */
  readonly decoder?: LineDecoder;
  /** How many other readings are given; default 4. Greedy decoding of lines has none. */
  readonly alternatives?: number;
  /** Is told of every line as it is read. */
  readonly observeLine?: LineObserver;
}

/** What a reader has made of a picture for its network. */
export interface ReaderInput<Prepared> extends ReadOptions {
  readonly prepared: Prepared;
}

/** A model that is open, on Node or in a browser. One kind of model is one `Reader`. */
export interface Reader<Prepared = unknown> {
  readonly manifest: ReaderManifest;
  /** How it can decode, the default first. */
  readonly decoders: readonly LineDecoder[];
  /** More pictures at a time are read no faster, and would wait for each other. */
  readonly maxBatch: number;
  /** Throws INVALID_ARGUMENT or UNSUPPORTED_DECODER for what the reader cannot do; compiles rules ahead, and keeps them for a while. */
  check(options: ReadOptions): Promise<void>;
  /** Finds what is to be read in a picture and makes the network's input of it. */
  prepare(image: GrayImage): Prepared;
  /** Reads prepared pictures together, in their order. Places are in pixels of each picture. */
  read(inputs: readonly ReaderInput<Prepared>[]): Promise<LineReading[]>;
}

/** The decoder that was asked for, or the reader's first; throws UNSUPPORTED_DECODER where the reader does not have it. */
export function requireDecoder(
  wanted: LineDecoder | undefined,
  { manifest, decoders }: Pick<Reader, 'manifest' | 'decoders'>,
): LineDecoder {
  const decoder = wanted ?? decoders[0];
  if (decoders.includes(decoder)) return decoder;
  throw new TextRecognizerError(
    'UNSUPPORTED_DECODER',
    `The model '${manifest.name}' does not decode with '${decoder}' here; ask for ${decoders.join(' or ')}.`,
  );
}
