import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { writeFileAtomic } from '../../files/write-file-atomic.ts';
import type { AlarmEvent } from '../monitoring/drift-report.ts';
import type { AlarmChannel } from './alarm-channel.ts';

/** A piece of news that one channel has not taken yet. */
export interface Waiting {
  readonly channel: AlarmChannel['name'];
  readonly key: string;
  readonly alarm: AlarmEvent;
  /** When it began to wait, in milliseconds since 1970. */
  readonly since: number;
}

/** So many wait for a channel at most; the oldest go first. */
const MOST_WAITING = 200;
const MOST_KEYS = 1000;
const MOST_HELD = 100;

const alarmSchema = z.looseObject({
  id: z.string(),
  model: z.string(),
  state: z.enum(['firing', 'resolved']),
}) as unknown as z.ZodType<AlarmEvent>;

const outboxSchema = z.object({
  format: z.literal(1),
  waiting: z.array(
    z.object({ channel: z.enum(['webhook', 'mail']), key: z.string(), alarm: alarmSchema, since: z.number() }),
  ),
  held: z.array(alarmSchema),
  open: z.array(alarmSchema),
  keys: z.array(z.string()),
});

type OutboxData = z.infer<typeof outboxSchema>;

/** What is to be sent, what is silenced, and what was taken in before; kept in a file, if there is one, so that it outlives the process. */
export class Outbox {
  readonly #path: string | undefined;
  /** By channel and key. */
  readonly #waiting: Waiting[];
  /** Alarms that a silence holds back, by id. */
  readonly held: Map<string, AlarmEvent>;
  /** Alarms that have begun and not ended, by model. */
  readonly open: Map<string, AlarmEvent>;
  readonly #keys: Set<string>;
  #writing: Promise<void> = Promise.resolve();
  /** A write that has not begun, and will have what is added until then. */
  #next: Promise<void> | undefined;

  private constructor(path: string | undefined, { waiting, held, open, keys }: OutboxData) {
    this.#path = path;
    this.#waiting = waiting;
    this.held = new Map(held.map((alarm) => [alarm.id, alarm]));
    this.open = new Map(open.map((alarm) => [alarm.model, alarm]));
    this.#keys = new Set(keys);
  }

  /** Reads what an earlier process has left; throws FILE_CORRUPT. */
  static async open(path: string | undefined): Promise<Outbox> {
    const empty: OutboxData = { format: 1, waiting: [], held: [], open: [], keys: [] };
    if (path === undefined) return new Outbox(path, empty);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return new Outbox(path, text === undefined ? empty : parseOutbox(text, path));
  }

  /** Whether this piece of news is new; from now on it is not. */
  isNew(key: string): boolean {
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    for (const oldest of this.#keys) if (this.#keys.size > MOST_KEYS) this.#keys.delete(oldest);
    return true;
  }

  /** Lets a piece of news wait for a channel; returns what had to go for it. */
  add(entry: Waiting): Waiting | undefined {
    this.#waiting.push(entry);
    const ofChannel = this.#waiting.filter(({ channel }) => channel === entry.channel);
    if (ofChannel.length <= MOST_WAITING) return undefined;
    this.remove(ofChannel[0]);
    return ofChannel[0];
  }

  /** Holds an alarm back; the oldest go where there are too many. */
  hold(alarm: AlarmEvent): void {
    this.held.set(alarm.id, alarm);
    for (const oldest of this.held.keys()) if (this.held.size > MOST_HELD) this.held.delete(oldest);
  }

  first(channel: AlarmChannel['name']): Waiting | undefined {
    return this.#waiting.find((entry) => entry.channel === channel);
  }

  remove(entry: Waiting): void {
    const at = this.#waiting.indexOf(entry);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  count(channel: AlarmChannel['name']): number {
    return this.#waiting.filter((entry) => entry.channel === channel).length;
  }

  /** Writes the file whole, one write after the other; throws DISK_FULL or FILE_NOT_WRITABLE. */
  async save(): Promise<void> {
    const path = this.#path;
    if (path === undefined) return;
    this.#next ??= this.#writing.then(async () => {
      this.#next = undefined;
      await writeFileAtomic(path, JSON.stringify(this));
    });
    const write = this.#next;
    this.#writing = write.catch(() => {});
    await write;
  }

  toJSON(): OutboxData {
    return {
      format: 1,
      waiting: this.#waiting,
      held: [...this.held.values()],
      open: [...this.open.values()],
      keys: [...this.#keys],
    };
  }
}

function parseOutbox(text: string, path: string): OutboxData {
  try {
    return outboxSchema.parse(JSON.parse(text));
  } catch (cause) {
    const message = `${path} is no outbox of alarms; remove it, and alarms that had not been sent are lost.`;
    throw new TextRecognizerError('FILE_CORRUPT', message, { cause });
  }
}
