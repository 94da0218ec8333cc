import { basename } from 'node:path';
import type { TextRecognizerError } from '../../errors.ts';
import { extensions, type ReadingFormat, writeReading } from '../../formats/write-reading.ts';
import type { RecognizeInput } from './list-inputs.ts';
import { pageName, type ReadingTarget, type ReadPage } from './reading-target.ts';
import type { ResultFolder } from './result-folder.ts';
import { figuresOf } from './totals.ts';

/** Formats that name the picture to which their places refer. */
const NAMING: ReadonlySet<ReadingFormat> = new Set(['hocr', 'alto', 'page']);

/** Writes readings to a folder, a file for each page, and a line of JSON for each to standard output. */
export class ReadingWriter implements ReadingTarget {
  readonly #folder: ResultFolder;
  readonly #format: ReadingFormat;
  readonly #out: NodeJS.WritableStream;

  constructor(folder: ResultFolder, format: ReadingFormat, out: NodeJS.WritableStream) {
    this.#folder = folder;
    this.#format = format;
    this.#out = out;
  }

  has(input: RecognizeInput, page?: number): boolean {
    if (page !== undefined) return this.#folder.has(this.#outputOf(input, page));
    return this.#folder.has(this.#outputOf(input)) || this.#folder.has(input.name);
  }

  async write(input: RecognizeInput, page: ReadPage): Promise<void> {
    const { reading, number, toJpeg } = page;
    const output = this.#outputOf(input, number?.page);
    const file = NAMING.has(this.#format) ? await this.#pictureOf(input, page) : input.file;
    await this.#folder.writeFile(output, await writeReading(this.#format, reading, { file }, toJpeg));
    const entry = { file: input.file, ...number, output, ...figuresOf(reading) };
    await this.#folder.note(entry);
    this.#out.write(`${JSON.stringify(entry)}\n`);
  }

  async finish({ name }: RecognizeInput): Promise<void> {
    await this.#folder.note({ finished: name });
  }

  async fail(input: RecognizeInput, { code, message }: TextRecognizerError, page?: number): Promise<void> {
    const entry = { file: input.file, ...(page !== undefined && { page }), error: { code, message } };
    await this.#folder.note(entry);
    console.error(`${pageName(input, page)}: ${code}: ${message}`);
    this.#out.write(`${JSON.stringify(entry)}\n`);
  }

  async close(): Promise<void> {
    await this.#folder.close();
  }

  /** The picture's own file, or a JPEG beside the result where other programs would see another picture, or none. */
  async #pictureOf(input: RecognizeInput, { number, isPlain, toJpeg }: ReadPage): Promise<string> {
    if (isPlain && input.file !== '-') return basename(input.file);
    const name = `${stemOf(input, number?.page)}.jpg`;
    await this.#folder.writeFile(name, await toJpeg());
    return basename(name);
  }

  #outputOf(input: RecognizeInput, page?: number): string {
    return `${stemOf(input, page)}.${extensions[this.#format]}`;
  }
}

function stemOf({ name }: RecognizeInput, page?: number): string {
  return page === undefined ? name : `${name}-${String(page).padStart(4, '0')}`;
}
