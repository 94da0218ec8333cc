import { basename } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { SearchablePdf } from '../../formats/searchable-pdf.ts';
import { extensions, type ReadingFormat, writeReading } from '../../formats/write-reading.ts';
import type { PictureFile } from '../../images/picture-file.ts';
import type { Reading } from '../../reading/reading.ts';
import type { RecognizeInput } from './list-inputs.ts';
import { pageName, type ReadingTarget, type ReadPage } from './reading-target.ts';
import type { ResultFolder } from './result-folder.ts';
import { figuresOf } from './totals.ts';

/** Where results are written and noted. */
export type Results = Pick<ResultFolder, 'has' | 'writeFile' | 'readFile' | 'note' | 'close'>;

export interface ReadingWriterOptions {
  /** Where a line of JSON is written for each result; nowhere by default. */
  readonly out?: NodeJS.WritableStream;
  /** Whether the pages of a file become one PDF: each is kept as JSON until all are there, and after. */
  readonly joinsPages: boolean;
}

/** Formats that name the picture to which their places refer. */
const NAMING: ReadonlySet<ReadingFormat> = new Set(['hocr', 'alto', 'page']);

/** Writes readings to a folder, a file for each page, and a line of JSON for each to standard output. */
export class ReadingWriter implements ReadingTarget {
  readonly #folder: Results;
  readonly #format: ReadingFormat;
  readonly #options: ReadingWriterOptions;

  constructor(folder: Results, format: ReadingFormat, options: ReadingWriterOptions) {
    this.#folder = folder;
    this.#format = format;
    this.#options = options;
  }

  has(input: RecognizeInput, page?: number): boolean {
    const output = outputOf(input, this.#formatOf(page), page);
    return this.#folder.has(output) || (page === undefined && this.#folder.has(input.name));
  }

  async write(input: RecognizeInput, page: ReadPage): Promise<void> {
    const { reading, number, toJpeg } = page;
    const format = this.#formatOf(number?.page);
    const output = outputOf(input, format, number?.page);
    const file = NAMING.has(format) ? await this.#pictureOf(input, page) : input.file;
    await this.#folder.writeFile(output, await writeReading(format, reading, { file }, toJpeg));
    const entry = { file: input.file, ...number, output, ...figuresOf(reading) };
    await this.#folder.note(entry);
    this.#tell(entry);
  }

  async finish(input: RecognizeInput, file: PictureFile, isComplete: boolean): Promise<void> {
    if (this.#options.joinsPages) await this.#joinPages(input, file);
    if (isComplete) await this.#folder.note({ finished: input.name });
  }

  async fail(input: RecognizeInput, { code, message }: TextRecognizerError, page?: number): Promise<void> {
    const entry = { file: input.file, ...(page !== undefined && { page }), error: { code, message } };
    await this.#folder.note(entry);
    console.error(`${pageName(input, page)}: ${code}: ${message}`);
    this.#tell(entry);
  }

  async close(): Promise<void> {
    await this.#folder.close();
  }

  /** One PDF of the pages that could be read, one page in memory at a time. */
  async #joinPages(input: RecognizeInput, file: PictureFile): Promise<void> {
    const output = outputOf(input, 'pdf');
    const pdf = await SearchablePdf.open({ file: input.file });
    const written = this.#folder.writeFile(output, pdf.bytes);
    try {
      for (let page = 1; page <= file.pages; page++) {
        const reading = await this.#readingOf(input, page);
        if (reading) pdf.add({ reading, jpeg: await file.toJpeg(page) });
      }
      pdf.end();
    } catch (error) {
      pdf.bytes.destroy();
      await written.catch(() => undefined);
      throw error;
    }
    await written;
    this.#tell({ file: input.file, pages: file.pages, output });
  }

  /** What was written of a page; undefined for one that could not be read. */
  async #readingOf(input: RecognizeInput, page: number): Promise<Reading | undefined> {
    const name = outputOf(input, 'json', page);
    const text = await this.#folder.readFile(name).catch(() => undefined);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as Reading;
    } catch (cause) {
      const message = `${name} is not JSON any more. Remove it and its line in the journal, and the page is read again.`;
      throw new TextRecognizerError('FILE_CORRUPT', message, { cause });
    }
  }

  /** The picture's own file, or a JPEG beside the result where other programs would see another picture, or none. */
  async #pictureOf(input: RecognizeInput, { number, isPlain, toJpeg }: ReadPage): Promise<string> {
    if (isPlain && input.file !== '-') return basename(input.file);
    const name = `${stemOf(input, number?.page)}.jpg`;
    await this.#folder.writeFile(name, await toJpeg());
    return basename(name);
  }

  #formatOf(page: number | undefined): ReadingFormat {
    return page !== undefined && this.#options.joinsPages ? 'json' : this.#format;
  }

  #tell(entry: object): void {
    this.#options.out?.write(`${JSON.stringify(entry)}\n`);
  }
}

function outputOf(input: RecognizeInput, format: ReadingFormat, page?: number): string {
  return `${stemOf(input, page)}.${extensions[format]}`;
}

function stemOf({ name }: RecognizeInput, page?: number): string {
  return page === undefined ? name : `${name}-${String(page).padStart(4, '0')}`;
}
