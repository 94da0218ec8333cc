import { TextRecognizerError } from '../../errors.ts';

/** What becomes of files in a collection that cannot be read. */
export interface BadFileOptions {
  /** Passes over them, counted and named in a notice; by default the first one is refused. */
  readonly skipBad?: boolean;
  /** Is told what the user should know, e.g. what is left out and why. */
  readonly onNotice?: (message: string) => void;
}

/** So many files are named in a notice. */
const MOST_NAMED = 20;

/** Reads the files of a collection one by one, and keeps account of those that cannot be read, and of single lines of them. */
export class BadFiles {
  readonly #options: BadFileOptions;
  readonly #problems: string[] = [];
  #lines = 0;

  constructor(options: BadFileOptions) {
    this.#options = options;
  }

  /** What `read` gives; undefined where it throws a `TextRecognizerError` and files may be skipped. The error names `file`. */
  async read<T>(file: string, read: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof TextRecognizerError)) throw error;
      this.#keep(file, error);
      return undefined;
    }
  }

  /** Takes note of one line of `file` that cannot be used; throws where nothing may be skipped. */
  line(file: string, fault: TextRecognizerError): void {
    this.#keep(file, fault);
    this.#lines++;
  }

  /** Tells how many files of `collection` were skipped, and which. */
  report(collection: string): void {
    const count = this.#problems.length;
    if (count === 0) return;
    const more = count > MOST_NAMED ? [`and ${count - MOST_NAMED} more`] : [];
    const counts = [counted(count - this.#lines, 'file'), counted(this.#lines, 'line')].filter((it) => it !== '');
    const what = `${counts.join(' and ')} ${count === 1 ? 'is' : 'are'} skipped`;
    const lines = [`${collection}: ${what}:`, ...this.#problems.slice(0, MOST_NAMED), ...more];
    this.#options.onNotice?.(lines.join('\n  '));
  }

  #keep(file: string, error: TextRecognizerError): void {
    const problem = error.message.includes(file) ? error.message : `${file}: ${error.message}`;
    if (!this.#options.skipBad) {
      const cure = `Fix or remove the file; with --skip-bad files that cannot be read are skipped.`;
      throw new TextRecognizerError(error.code, `${problem} ${cure}`, { cause: error });
    }
    this.#problems.push(problem);
  }
}

function counted(count: number, what: string): string {
  if (count === 0) return '';
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

/** Whether a file is one that macOS or an editor leaves beside others: `._NAME`, `.DS_Store`. */
export function isHidden(path: string): boolean {
  return /(?:^|[\\/])\.[^\\/]*$/.test(path);
}
