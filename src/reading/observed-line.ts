import type { Affine } from '../images/affine.ts';
import type { InkedLine } from '../images/measure-line.ts';
import type { ReaderManifest } from '../models/model-manifest.ts';
import type { CtcLanguageModel } from '../text/ctc-prefix-beam.ts';
import type { LineDecoder } from '../text/decode-line.ts';
import type { LineReading } from './reading.ts';

/** A line or a character that was read, with what its network saw and said: for those who watch, not for an answer. */
export interface ObservedLine {
  readonly manifest: ReaderManifest;
  readonly decoder: LineDecoder;
  /** What the network saw. */
  readonly line: InkedLine;
  /** From pixels of `line` to those of the picture; absent where none was kept. */
  readonly toPicture?: Affine;
  /** What the network said: logits `[steps, classes]` of a line, probabilities `[1, classes]` of a character. */
  readonly scores: Float32Array;
  /** What the decoder `lm` asked; absent for others. */
  readonly languageModel?: CtcLanguageModel | undefined;
  readonly reading: LineReading;
}

/** Is told of every line that is read; must neither keep nor change what it is given. */
export type LineObserver = (observed: ObservedLine) => void;
