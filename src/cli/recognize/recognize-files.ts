import { TextRecognizerError } from '../../errors.ts';
import type { ReadingFormat } from '../../formats/write-reading.ts';
import { openPictureFile, type PictureFile } from '../../images/picture-file.ts';
import type { RecognizeOptions, Recognizer } from '../../reading/recognizer.ts';
import { readStandardInput } from '../read-standard-input.ts';
import { listInputs, type RecognizeInput } from './list-inputs.ts';
import { readList } from './read-list.ts';
import { ReadingPrinter } from './reading-printer.ts';
import type { ReadingTarget } from './reading-target.ts';
import { ReadingWriter } from './reading-writer.ts';
import { ResultFolder } from './result-folder.ts';
import { type Progress, showProgress } from './show-progress.ts';
import { figuresOf, Totals } from './totals.ts';

export interface RecognizeRun {
  readonly recognizer: Recognizer;
  readonly read: Omit<RecognizeOptions, 'page'>;
  /** Only this page of each file. */
  readonly page?: number;
  /** A text file that names the files, one on a line, instead of paths. */
  readonly list?: string;
  /** A line for people when left out. */
  readonly format?: ReadingFormat;
  /** The folder of results; standard output when left out. */
  readonly output?: string;
  /** Where readings, or with `output` a line of JSON for each, are written; standard output when left out. */
  readonly out?: NodeJS.WritableStream;
  /** What results depend on: a folder of results is continued with the same only. */
  readonly options: object;
}

/** A run with where its readings go. */
export interface Session extends RecognizeRun {
  readonly target: ReadingTarget;
  readonly totals: Totals;
  readonly progress: Progress;
}

/** Formats of which one file cannot hold several pages here. */
const SINGLE: ReadonlySet<ReadingFormat | undefined> = new Set(['hocr', 'alto', 'page', 'pdf']);

/**
 * Reads files page by page, so that memory does not grow with them. What cannot be read is reported in its place and counted; the others
 * are still read. Throws INVALID_ARGUMENT, FILE_NOT_FOUND, FOLDER_IN_USE, DISK_FULL or FILE_NOT_WRITABLE.
 */
export async function recognizeFiles(paths: readonly string[], run: RecognizeRun): Promise<Totals> {
  const { output } = run;
  const progress = showProgress(process.stderr.isTTY ? await countInputs(paths, run) : 0);
  const totals = new Totals();
  const session = { ...run, progress, totals, target: await openTarget(run, totals) };
  let files = 0;
  try {
    for await (const input of inputsOf(paths, run)) {
      if (++files > 1) requireOnePage(run);
      await recognizeFile(input, session);
    }
  } finally {
    progress.clear();
    await session.target.close();
  }
  if (output !== undefined || totals.pages + totals.failures > 1) console.error(totals.toString());
  return totals;
}

async function openTarget(run: RecognizeRun, totals: Totals): Promise<ReadingTarget> {
  const { output, format, options, page, out = process.stdout } = run;
  if (output === undefined) return new ReadingPrinter(format, out);
  const written = format ?? 'text';
  const folder = await ResultFolder.open(output, { format: written, ...options }, totals);
  return new ReadingWriter(folder, written, { out, joinsPages: written === 'pdf' && page === undefined });
}

async function* inputsOf(paths: readonly string[], { list, output }: RecognizeRun): AsyncGenerator<RecognizeInput> {
  yield* list === undefined ? listInputs(paths, output) : readList(list);
}

async function countInputs(paths: readonly string[], run: RecognizeRun): Promise<number> {
  let files = 0;
  for await (const _ of inputsOf(paths, run)) files++;
  return files;
}

/** Reads a file with all its pages, unless it was read before; its bytes are given where they are not on this machine. */
export async function recognizeFile(input: RecognizeInput, session: Session, bytes?: Uint8Array): Promise<void> {
  const { target, progress } = session;
  const isEarlier = target.has(input);
  if (!isEarlier) {
    const file = await orReport(session, input, undefined, () => openInput(input, bytes));
    if (file !== undefined) await recognizePages(input, file, session).finally(() => file.close());
  }
  progress.file(isEarlier);
}

async function openInput({ file }: RecognizeInput, bytes?: Uint8Array): Promise<PictureFile> {
  return await openPictureFile(bytes ?? (file === '-' ? await readStandardInput() : file));
}

async function recognizePages(input: RecognizeInput, file: PictureFile, session: Session): Promise<void> {
  const { target, progress, page: only } = session;
  const isDocument = file.pages > 1;
  if (only === undefined && isDocument) requireOnePage(session);
  const all = only === undefined ? Array.from({ length: file.pages }, (_, i) => i + 1) : [only];
  const pages = all.filter((page) => !isDocument || !target.has(input, page));
  progress.open(pages.length);
  let isComplete = true;
  for (const page of pages) {
    const done = await orReport(session, input, isDocument ? page : undefined, async () => {
      await recognizePage(input, file, page, session);
      return true;
    });
    isComplete &&= done !== undefined;
    progress.page();
  }
  if (isDocument && only === undefined) {
    await orReport(session, input, undefined, () => target.finish(input, file, isComplete));
  }
}

async function recognizePage(input: RecognizeInput, file: PictureFile, page: number, session: Session): Promise<void> {
  const { recognizer, read, target, totals, progress } = session;
  const { pages, isPlain } = file;
  const reading = await recognizer.read(await file.decode(page), read);
  progress.clear();
  const number = pages > 1 ? { page, pages } : undefined;
  await target.write(input, { reading, number, isPlain, toJpeg: () => file.toJpeg(page) });
  totals.add(figuresOf(reading));
}

/** What `work` gives, or undefined where the file or page cannot be read, which is reported. */
async function orReport<T>(
  { target, totals, progress }: Session,
  input: RecognizeInput,
  page: number | undefined,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TextRecognizerError) || isFatal(error)) throw error;
    progress.clear();
    totals.fail(page === undefined ? `${input.file} (${error.code})` : `${input.file} page ${page} (${error.code})`);
    await target.fail(input, error, page);
    return undefined;
  }
}

/** What would befall every other page as well. */
function isFatal({ code }: TextRecognizerError): boolean {
  return code === 'DISK_FULL' || code === 'FILE_NOT_WRITABLE';
}

function requireOnePage({ format, output }: RecognizeRun): void {
  if (output !== undefined || !SINGLE.has(format)) return;
  const message = `--format ${format} makes a document of each page. Say with --output which folder they go to, or choose one with --page.`;
  throw new TextRecognizerError('INVALID_ARGUMENT', message);
}
