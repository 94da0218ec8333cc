import { createReadStream, existsSync } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { explainWrite } from '../../files/explain-write.ts';
import { lockFolder } from '../../files/lock-folder.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import type { PageFigures, Totals } from './totals.ts';

export const JOURNAL = 'recognized.jsonl';
/** No line of it is longer. */
const TAIL_BYTES = 64 * 2 ** 10;

const pageSchema = z.object({
  output: z.string(),
  lines: z.number(),
  words: z.number(),
  confidence: z.number().optional(),
});
const entrySchema = z.union([z.object({ finished: z.string() }), pageSchema, z.object({ error: z.object({}) })]);

/** A page that was read, as the journal has it. */
export interface PageEntry extends PageFigures {
  readonly file: string;
  readonly page?: number;
  readonly pages?: number;
  /** Its result, within the folder. */
  readonly output: string;
}

/**
 * The folder of results: one file a page, each written whole, and a journal of them, `recognized.jsonl`, from which a run that was killed
 * goes on. A page is in the journal once its result is there; what was killed in between is read again, with the same result.
 */
export class ResultFolder {
  readonly #folder: string;
  readonly #journal: FileHandle;
  readonly #release: () => Promise<void>;
  readonly #done: ReadonlySet<string>;

  private constructor(folder: string, journal: FileHandle, release: () => Promise<void>, done: ReadonlySet<string>) {
    this.#folder = folder;
    this.#journal = journal;
    this.#release = release;
    this.#done = done;
  }

  /**
   * Opens a folder, new or begun with the same options; what was read before is counted in `totals`. Throws FOLDER_IN_USE,
   * INVALID_ARGUMENT for one that was begun with others, DISK_FULL or FILE_NOT_WRITABLE.
   */
  static async open(folder: string, options: object, totals: Totals): Promise<ResultFolder> {
    const release = await lockFolder(folder);
    const path = join(folder, JOURNAL);
    try {
      const header = JSON.stringify({ options });
      const done = existsSync(path) ? await readJournal(path, header, totals) : new Set<string>();
      const journal = await open(path, 'a');
      if ((await journal.stat()).size === 0) await journal.appendFile(`${header}\n`);
      return new ResultFolder(folder, journal, release, done);
    } catch (error) {
      await release();
      throw explainWrite(path, error);
    }
  }

  /** Whether a result, or a file with all its pages, was written before. */
  has(output: string): boolean {
    return this.#done.has(output);
  }

  /** Writes a file whole or not at all; pieces as they come. */
  async writeFile(name: string, content: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    await writeFileAtomic(join(this.#folder, name), content);
  }

  async readFile(name: string): Promise<string> {
    return await readFile(join(this.#folder, name), 'utf8');
  }

  /** Notes that the result of a page is there, or that all pages of a file are, or a failure. */
  async note(
    entry: PageEntry | { readonly finished: string } | { readonly file: string; readonly error: object },
  ): Promise<void> {
    try {
      await this.#journal.appendFile(`${JSON.stringify(entry)}\n`);
    } catch (error) {
      throw explainWrite(join(this.#folder, JOURNAL), error);
    }
  }

  async close(): Promise<void> {
    await this.#journal.close();
    await this.#release();
  }
}

/** Reads what was done, line by line. A last line that was cut short is taken away. */
async function readJournal(path: string, header: string, totals: Totals): Promise<Set<string>> {
  await cutLastLine(path);
  const done = new Set<string>();
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path, 'utf8') })) {
    if (number++ === 0) {
      if (line !== header) throw otherOptions(path, line, header);
      continue;
    }
    const entry = parseEntry(path, number, line);
    if ('finished' in entry) done.add(entry.finished);
    if (!('output' in entry) || done.has(entry.output)) continue;
    done.add(entry.output);
    totals.add(entry, true);
  }
  return done;
}

function parseEntry(path: string, number: number, line: string): z.infer<typeof entrySchema> {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch (cause) {
    const message = `Line ${number} of ${path} is no entry of a journal. Remove the line, or choose another folder.`;
    throw new TextRecognizerError('FILE_CORRUPT', message, { cause });
  }
}

/** A process that was killed while it wrote leaves a part of a line. */
async function cutLastLine(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    await file.truncate(start + buffer.lastIndexOf('\n') + 1);
  } finally {
    await file.close();
  }
}

function otherOptions(path: string, before: string, now: string): TextRecognizerError {
  return new TextRecognizerError(
    'INVALID_ARGUMENT',
    `The results beside ${path} were made with ${before}, and this is ${now}. Use the same options, or another folder.`,
  );
}
