import { z } from 'zod';
import { readingFormats } from '../../../formats/write-reading.ts';
import type { RunStore } from '../../../experiments/queue/run-store.ts';
import { TextRecognizerError } from '../../../errors.ts';

/** The queue of all files to read, as BullMQ names it. */
export const queueName = 'text-recognizer-pages';

/** What a job says: a file, and the place of its results, where the settings are. */
export const queuedFileSchema = z.strictObject({
  /** `s3://BUCKET/KEY`, or a path that is the same on all machines. */
  file: z.string(),
  name: z.string(),
  place: z.string(),
});

export type QueuedFile = z.output<typeof queuedFileSchema>;

const settingsSchema = z.strictObject({
  format: z.enum(readingFormats),
  page: z.int().positive().optional(),
  /** Options of `Recognizer.load`. */
  load: z.looseObject({}),
  /** Options of `Recognizer.read`. */
  read: z.looseObject({}),
});

/** How all files of one place are read. */
export type QueueSettings = z.output<typeof settingsSchema>;

const pageSchema = z.object({
  page: z.number().optional(),
  output: z.string(),
  lines: z.number(),
  words: z.number(),
  confidence: z.number().optional(),
});

const recordSchema = z.strictObject({
  file: z.string(),
  pages: z.array(pageSchema),
  failures: z.array(z.object({ page: z.number().optional(), code: z.string(), message: z.string() })),
});

/** What became of a file. Where it is there, all results of the file are. */
export type FileRecord = z.output<typeof recordSchema>;

const SETTINGS = 'recognized/settings.json';
export const RECORDS = 'recognized/files/';

const PAGES = 'recognized/pages/';

export const recordName = (name: string): string => `${RECORDS}${name}.json`;

/** Throws INVALID_ARGUMENT where the results of other settings are there. */
export async function requireSettings(store: RunStore, place: string, settings: QueueSettings): Promise<void> {
  const content = Buffer.from(`${JSON.stringify(settings)}\n`);
  if (await store.create(SETTINGS, content)) return;
  const before = await store.read(SETTINGS);
  if (before !== undefined && content.equals(before)) return;
  throw new TextRecognizerError(
    'INVALID_ARGUMENT',
    `The results in ${place} were made with other settings: ${Buffer.from(before ?? []).toString()}. Use those, or another place.`,
  );
}

/** Throws FILE_CORRUPT. */
export async function readSettings(store: RunStore, place: string): Promise<QueueSettings> {
  return parse(settingsSchema, await store.read(SETTINGS), `${SETTINGS} in ${place}`);
}

/** Undefined where the file has not been read yet; throws FILE_CORRUPT. */
export async function readRecord(store: RunStore, name: string): Promise<FileRecord | undefined> {
  const bytes = await store.read(recordName(name));
  return bytes && parse(recordSchema, bytes, recordName(name));
}

/** The first record of a file stays. */
export async function writeRecord(store: RunStore, name: string, record: FileRecord): Promise<void> {
  await store.create(recordName(name), Buffer.from(`${JSON.stringify(record)}\n`));
}

/** Pages of a document that is not read to its end, in order. */
export async function readPageRecords(store: RunStore, name: string): Promise<FileRecord['pages']> {
  const pages: FileRecord['pages'] = [];
  for (const page of await store.list(`${PAGES}${name}/`)) {
    const bytes = await store.read(page);
    if (bytes !== undefined) pages.push(parse(pageSchema, bytes, page));
  }
  return pages.toSorted((a, b) => (a.page ?? 0) - (b.page ?? 0));
}

export async function writePageRecord(
  store: RunStore,
  name: string,
  record: FileRecord['pages'][number],
): Promise<void> {
  await store.create(`${PAGES}${name}/${record.page}.json`, Buffer.from(`${JSON.stringify(record)}\n`));
}

export async function removePageRecords(store: RunStore, name: string): Promise<void> {
  await store.remove(await store.list(`${PAGES}${name}/`));
}

function parse<T>(schema: z.ZodType<T>, bytes: Uint8Array | undefined, what: string): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(bytes ?? []).toString('utf8')));
  } catch (cause) {
    throw new TextRecognizerError('FILE_CORRUPT', `${what} is not what a queue of pages keeps there. Remove it.`, {
      cause,
    });
  }
}
