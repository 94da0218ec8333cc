import type { GrayImage } from '../../images/gray-image.ts';
import type { Random } from '../../random/random.ts';
import type { LineSource } from './line-source.ts';

/** What is known of one line of handwriting besides its pixels. */
export interface LineInfo {
  readonly id: string;
  /** What is written, in reading order, NFC. */
  readonly text: string;
  /** Who wrote it; lines without a writer are held to be by nobody in particular. */
  readonly writer?: string;
  /** The page, form or letter that it was cut from. */
  readonly page?: string;
  /** Where words are, from left to right. */
  readonly words?: readonly LineWord[];
}

/** A word (or a punctuation mark that the data set counts as one) of a line. */
export interface LineWord {
  readonly text: string;
  /** Left edge and width in pixels of the line image. */
  readonly x: number;
  readonly width: number;
}

/** Lines of handwriting of one height, each as wide as it is: read from memory, or drawn on demand. */
export interface LineDataset {
  readonly name: string;
  readonly length: number;
  /** Height in pixels of every line. */
  readonly height: number;
  /** `[length]` */
  readonly lines: readonly LineInfo[];
  /** Width in pixels that the line's image has for the same chances; of lines drawn on demand an estimate, cheaper than drawing. */
  width(index: number, random?: Random): number;
  /**
   * The line at `index`, `[height, width]`, white ink (255) on black paper (0). Lines in memory are views, not to be written to;
   * lines drawn on demand take their chances from `random`, and without it are drawn the same way each time.
   */
  image(index: number, random?: Random): GrayImage;
  /** What its lines may be used for, where that is known. */
  readonly licence?: string;
  /** A plain description from which another thread opens the same lines; survives `structuredClone`. */
  readonly source: LineSource;
}
