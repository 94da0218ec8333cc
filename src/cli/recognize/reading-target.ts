import type { TextRecognizerError } from '../../errors.ts';
import type { PictureFile } from '../../images/picture-file.ts';
import type { Reading } from '../../reading/reading.ts';
import type { RecognizeInput } from './list-inputs.ts';

/** A page that was read. */
export interface ReadPage {
  readonly reading: Reading;
  /** Its number, and how many there are; only where the file has several. */
  readonly number?: { readonly page: number; readonly pages: number };
  /** Whether other programs see the picture as it was read. */
  readonly isPlain: boolean;
  /** The picture as it was read, in colour. */
  readonly toJpeg: () => Promise<Uint8Array>;
}

/** Where readings go. */
export interface ReadingTarget {
  /** Whether an earlier run has read a file with all its pages, or a page of several. */
  has(input: RecognizeInput, page?: number): boolean;
  write(input: RecognizeInput, page: ReadPage): Promise<void>;
  /** Ends a file with several pages; `isComplete` where all of them were read. */
  finish(input: RecognizeInput, file: PictureFile, isComplete: boolean): Promise<void>;
  fail(input: RecognizeInput, error: TextRecognizerError, page?: number): Promise<void>;
  close(): Promise<void>;
}

/** How messages call a page. */
export function pageName({ file }: RecognizeInput, page?: number): string {
  return page === undefined ? file : `${file}, page ${page}`;
}
