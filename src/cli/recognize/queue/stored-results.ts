import type { RunStore } from '../../../experiments/queue/run-store.ts';
import type { Results } from '../reading-writer.ts';
import type { FileRecord } from './queued-file.ts';

/** The results of one file, where several machines reach them. What is there stays: another attempt would write the same. */
export class StoredResults implements Results {
  readonly pages: FileRecord['pages'][number][] = [];
  readonly failures: FileRecord['failures'][number][] = [];
  readonly #store: RunStore;

  constructor(store: RunStore) {
    this.#store = store;
  }

  has(): boolean {
    return false;
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
      this.pages.push({ page, output, lines, words, confidence });
    } else if ('error' in entry) {
      const { page, error } = entry as { page?: number; error: { code: string; message: string } };
      this.failures.push({ page, ...error });
    }
  }

  async close(): Promise<void> {}
}
