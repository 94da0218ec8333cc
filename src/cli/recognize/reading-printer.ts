import type { TextRecognizerError } from '../../errors.ts';
import { type ReadingFormat, writeReading } from '../../formats/write-reading.ts';
import { isFreeLicence } from '../../models/model-licence.ts';
import type { Reading } from '../../reading/reading.ts';
import { percent } from '../../report/percent.ts';
import type { RecognizeInput } from './list-inputs.ts';
import { pageName, type ReadingTarget, type ReadPage } from './reading-target.ts';

/** Prints readings on standard output: a line for people each, or in a format. Pages of text have a form feed between them. */
export class ReadingPrinter implements ReadingTarget {
  readonly #format: ReadingFormat | undefined;
  readonly #out: NodeJS.WritableStream;
  readonly #warned = new Set<string>();
  #printed = 0;

  constructor(format: ReadingFormat | undefined, out: NodeJS.WritableStream) {
    this.#format = format;
    this.#out = out;
  }

  has(): boolean {
    return false;
  }

  async write(input: RecognizeInput, { reading, number, toJpeg }: ReadPage): Promise<void> {
    if (this.#format !== 'json') this.#warnOfLicence(reading);
    const name = pageName(input, number?.page);
    if (this.#format === undefined) {
      if (number === undefined && reading.pages !== undefined) {
        console.error(`${name}: frame ${reading.page} of ${reading.pages} is read; --page chooses another.`);
      }
      this.#out.write(`${lineFor(name, reading)}\n`);
      return;
    }
    if (this.#format === 'text' && this.#printed > 0) this.#out.write('\f');
    this.#out.write(await writeReading(this.#format, reading, { file: input.file }, toJpeg));
    this.#printed++;
  }

  async finish(): Promise<void> {}

  async fail(input: RecognizeInput, { code, message }: TextRecognizerError, page?: number): Promise<void> {
    if (this.#format === 'json') {
      const entry = { file: input.file, ...(page !== undefined && { page }), error: { code, message } };
      this.#out.write(`${JSON.stringify(entry)}\n`);
    } else console.error(`${pageName(input, page)}: ${code}: ${message}`);
  }

  async close(): Promise<void> {}

  /** Says on standard error, once for a model, what may not be done with what it reads. */
  #warnOfLicence({ model, licence }: Reading): void {
    if (isFreeLicence(licence) || this.#warned.has(model)) return;
    this.#warned.add(model);
    console.error(`The licence of the model '${model}': ${licence}. --licence free takes one for any use.`);
  }
}

/** For people. */
function lineFor(name: string, { kind, text, confidence, alternatives }: Reading): string {
  if (kind === 'blank') return `${name}: nothing is written here`;
  const others = alternatives.map((other) => `${other.text} ${percent(other.confidence)}`).join(', ');
  return `${name}: ${text} (${percent(confidence)}${others === '' ? '' : `; or ${others}`})`;
}
