import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import type { AlarmEvent } from '../monitoring/drift-report.ts';
import { type AlarmChannel, AlarmRefused } from './alarm-channel.ts';
import { alarmKey } from './alarm-key.ts';
import { Outbox, type Waiting } from './outbox.ts';
import { isSilenced, readSilences, type Silence } from './silences.ts';

export interface NotifierOptions {
  readonly channels: readonly AlarmChannel[];
  /** Keeps what is not sent yet, and has the silences; without it, a restart loses what waits. */
  readonly folder?: string;
  /** Is told what goes wrong; the service goes on. */
  readonly warn?: (message: string) => void;
  /** Is told of each attempt, for metrics. */
  readonly onOutcome?: (channel: AlarmChannel['name'], outcome: SendOutcome) => void;
  /** Milliseconds before the first repetition, and the most; each wait is twice the one before. Default 1 s and 5 minutes. */
  readonly retryMs?: number;
  readonly mostRetryMs?: number;
  /** Milliseconds after which what could not be sent is given up; default a day. */
  readonly giveUpMs?: number;
  /** Milliseconds between looks at the silences; default a minute. */
  readonly lookMs?: number;
  /** Milliseconds that an alarm of before the start may be unknown to the monitoring until it counts as ended; default 10 minutes. */
  readonly settleMs?: number;
}

/** How an attempt to send ended; `dropped` is what was given up. */
export type SendOutcome = 'sent' | 'failed' | 'dropped';

const DAY_MS = 24 * 60 * 60 * 1000;
/** What is under way has so long to end when the service does. */
const CLOSE_MS = 2000;

/**
 * Sends alarms to channels, each piece of news once and in order, whatever the receivers do: what fails is tried again, and what waits is
 * kept on disk. Nobody waits for it, and what waits is bounded.
 */
export class AlarmNotifier {
  readonly #outbox: Outbox;
  readonly #options: Required<Omit<NotifierOptions, 'folder'>> & Pick<NotifierOptions, 'folder'>;
  readonly #stop = new AbortController();
  readonly #cut = new AbortController();
  readonly #wakers = new Map<AlarmChannel['name'], () => void>();
  readonly #workers: readonly Promise<void>[];
  readonly #looking: NodeJS.Timeout;
  readonly #started = Date.now();
  /** Models whose open alarm the monitoring has not mentioned since the start. */
  readonly #unconfirmed: Set<string>;
  #tasks: Promise<void> = Promise.resolve();
  #kept: Promise<void> = Promise.resolve();
  #saveFails = false;

  private constructor(outbox: Outbox, options: NotifierOptions) {
    this.#outbox = outbox;
    this.#options = {
      warn: () => {},
      onOutcome: () => {},
      retryMs: 1000,
      mostRetryMs: 5 * 60_000,
      giveUpMs: DAY_MS,
      lookMs: 60_000,
      settleMs: 10 * 60_000,
      ...options,
    };
    this.#unconfirmed = new Set(outbox.open.keys());
    this.#workers = options.channels.map((channel) => this.#work(channel));
    this.#looking = setInterval(() => this.#queue(() => this.#look()), this.#options.lookMs).unref();
  }

  /** Goes on with what an earlier process has left; throws FILE_CORRUPT. */
  static async start(options: NotifierOptions): Promise<AlarmNotifier> {
    const { folder } = options;
    if (folder !== undefined) await readSilences(silencesFile(folder));
    return new AlarmNotifier(await Outbox.open(folder && join(folder, 'outbox.json')), options);
  }

  /** How much waits for a channel. */
  waiting(channel: AlarmChannel['name']): number {
    return this.#outbox.count(channel);
  }

  /** Takes in that an alarm begins, becomes critical or ends; returns at once. What was taken in before is not sent again. */
  tell(alarm: AlarmEvent): void {
    this.#queue(() => this.#take(alarm));
  }

  /** Ends what is under way, within two seconds; what is not sent is kept for the next start. */
  async close(): Promise<void> {
    clearInterval(this.#looking);
    this.#stop.abort();
    const cutting = setTimeout(() => this.#cut.abort(), CLOSE_MS);
    this.#wake();
    await Promise.all([this.#tasks, ...this.#workers]);
    clearTimeout(cutting);
    await this.#save();
  }

  #queue(task: () => Promise<void>): void {
    this.#tasks = this.#tasks.then(task).catch((error: unknown) => {
      this.#options.warn(`An alarm was not taken in: ${(error as Error).message}`);
    });
  }

  async #take(told: AlarmEvent): Promise<void> {
    const { open, held } = this.#outbox;
    // A restart may have lost that it had begun; it begins anew under another id, and is the same to whoever is told.
    const before = open.get(told.model);
    const alarm = before && before.id !== told.id ? { ...told, id: before.id, startsAt: before.startsAt } : told;
    this.#unconfirmed.delete(alarm.model);
    if (!this.#outbox.isNew(alarmKey(alarm))) return;
    const { id, model, state } = alarm;
    if (state === 'firing') open.set(model, alarm);
    else open.delete(model);
    if (held.has(id) && state === 'resolved') held.delete(id);
    else if (held.has(id) || isSilenced(alarm, await this.#silences(), Date.now())) {
      // What was told of before the silence is told to have ended.
      if (state === 'firing') this.#outbox.hold(alarm);
      else this.#add(alarm);
    } else this.#add(alarm);
    await this.#releaseHeld();
    this.#keep();
  }

  #add(alarm: AlarmEvent): void {
    const key = alarmKey(alarm);
    for (const { name } of this.#options.channels) {
      const gone = this.#outbox.add({ channel: name, key, alarm, since: Date.now() });
      if (gone) this.#drop(gone, 'too much waits');
    }
  }

  /** Sends what no silence holds back any longer, and that alarms have ended which a restart has lost. */
  async #look(): Promise<void> {
    await this.#releaseHeld();
    if (Date.now() - this.#started < this.#options.settleMs) return;
    for (const model of this.#unconfirmed) {
      const alarm = this.#outbox.open.get(model);
      if (alarm) await this.#take({ ...alarm, state: 'resolved', endsAt: new Date().toISOString() });
    }
  }

  async #releaseHeld(): Promise<void> {
    const { held } = this.#outbox;
    if (held.size === 0) return;
    const silences = await this.#silences();
    const released = [...held.values()].filter((alarm) => !isSilenced(alarm, silences, Date.now()));
    if (released.length === 0) return;
    for (const alarm of released) {
      held.delete(alarm.id);
      this.#add(alarm);
    }
    this.#keep();
  }

  /** A list of silences that cannot be read silences nothing. */
  async #silences(): Promise<readonly Silence[]> {
    const { folder, warn } = this.#options;
    if (folder === undefined) return [];
    return await readSilences(silencesFile(folder)).catch((error: unknown) => {
      warn((error as Error).message);
      return [];
    });
  }

  async #work(channel: AlarmChannel): Promise<void> {
    const { retryMs, mostRetryMs } = this.#options;
    const { signal } = this.#stop;
    let wait = retryMs;
    while (!signal.aborted) {
      const entry = this.#outbox.first(channel.name);
      if (entry === undefined) {
        await new Promise<void>((resolve) => this.#wakers.set(channel.name, resolve));
      } else if (await this.#attempt(channel, entry, wait === retryMs)) {
        wait = retryMs;
        await this.#save();
      } else {
        await sleep(wait, undefined, { signal, ref: false }).catch(() => {});
        wait = Math.min(mostRetryMs, 2 * wait);
      }
    }
  }

  /** Whether the entry need not be tried again. */
  async #attempt(channel: AlarmChannel, entry: Waiting, isFirst: boolean): Promise<boolean> {
    const { giveUpMs, onOutcome, warn } = this.#options;
    const { name } = channel;
    await this.#kept;
    try {
      await channel.send(entry.alarm, entry.key, this.#cut.signal);
      this.#outbox.remove(entry);
      onOutcome(name, 'sent');
      return true;
    } catch (error) {
      if (this.#cut.signal.aborted) return false;
      onOutcome(name, 'failed');
      const reason = reasonOf(error);
      if (error instanceof AlarmRefused || Date.now() - entry.since >= giveUpMs) {
        this.#outbox.remove(entry);
        this.#drop(entry, reason);
        return true;
      }
      if (isFirst) warn(`The ${name} does not take the alarm ${entry.alarm.id}: ${reason}. It is tried again.`);
      return false;
    }
  }

  #drop({ channel, key }: Waiting, reason: string): void {
    this.#options.onOutcome(channel, 'dropped');
    this.#options.warn(`The alarm ${key} is given up for the ${channel}: ${reason}.`);
  }

  #wake(): void {
    for (const wake of this.#wakers.values()) wake();
  }

  /** Keeps what has changed, and lets it be sent then. */
  #keep(): void {
    this.#kept = this.#save();
    this.#wake();
  }

  /** A full disk must not keep alarms from being sent; what waits is in memory as well. */
  async #save(): Promise<void> {
    try {
      await this.#outbox.save();
      this.#saveFails = false;
    } catch (error) {
      if (!this.#saveFails) this.#options.warn(`Alarms that wait are not kept: ${(error as Error).message}`);
      this.#saveFails = true;
    }
  }
}

function silencesFile(folder: string): string {
  return join(folder, 'silences.json');
}

/** `fetch` says why in its cause. Addresses are left out, as they may contain a secret. */
function reasonOf(error: unknown): string {
  const { message, cause, name } = error as Error & { cause?: NodeJS.ErrnoException };
  if (name === 'TimeoutError') return 'it did not answer in time';
  return cause?.code ?? message;
}
