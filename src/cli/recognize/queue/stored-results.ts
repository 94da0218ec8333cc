import type { RunStore } from '../../../experiments/queue/run-store.ts';
import type { Results } from '../reading-writer.ts';
import { type FileRecord, readPageRecords, removePageRecords, writePageRecord } from './queued-file.ts';

/**
 * The results of one file, where several machines reach them. What is there stays: another attempt would write the same. Each page of a
 * document is noted once its result is there, so that another worker goes on where one died.
 */
export class StoredResults implements Results {
  readonly pages: FileRecord['pages'][number][];
  readonly failures: FileRecord['failures'][number][] = [];
  readonly #store: RunStore;
  readonly #name: string;
  readonly #done: ReadonlySet<string>;

  private constructor(store: RunStore, name: string, pages: FileRecord['pages']) {
    this.#store = store;
    this.#name = name;
    this.pages = pages;
    this.#done = new Set(pages.map(({ output }) => output));
  }

  static async open(store: RunStore, name: string): Promise<StoredResults> {
    return new StoredResults(store, name, await readPageRecords(store, name));
  }

  /** Whether a worker that died has written a page. */
  has(output: string): boolean {
    return this.#done.has(output);
  }

  async writeFile(name: string, content: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    const pieces: Uint8Array[] = [];
    if (typeof content === 'string' || content instanceof Uint8Array) pieces.push(Buffer.from(content));
    else for await (const piece of content) pieces.push(piece);
    await this.#store.create(name, Buffer.concat(pieces));
  }

  async readFile(name: string): Promise<string> {
    return Buffer.from((await this.#store.read(name))!).toString('utf8');
  }

  async note(entry: Parameters<Results['note']>[0]): Promise<void> {
    if ('output' in entry) {
      const { page, output, lines, words, confidence } = entry;
      const record = { page, output, lines, words, confidence };
      if (page !== undefined) await writePageRecord(this.#store, this.#name, record);
      this.pages.push(record);
    } else if ('error' in entry) {
      const { page, error } = entry as { page?: number; error: { code: string; message: string } };
      this.failures.push({ page, ...error });
    }
  }

  /** Forgets the pages, which the record of the file has now. */
  async forgetPages(): Promise<void> {
    await removePageRecords(this.#store, this.#name);
  }

  async close(): Promise<void> {}
}
