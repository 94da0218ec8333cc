import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { DriftDetector, Standing } from './drift-detector.ts';
import type { AlarmEvent } from './drift-report.ts';
import { sketchSchema } from './reference.ts';
import { Sketch } from './sketch.ts';

/** An instance that judges and does not answer for so long is replaced by another. */
const LEASE_MS = 15_000;
const KEEP_SECONDS = 86_400;
/** More blocks than any window has. */
const MOST_BLOCKS = 200;

const RENEW_LEASE = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const standingSchema = z.object({ alarm: z.unknown().optional(), sinceDrift: z.number() });

export interface SharedWindowsOptions {
  readonly redis: Redis;
  readonly detector: DriftDetector;
  /** Is told of alarms that this instance raises for all. */
  readonly tell: (alarm: AlarmEvent) => void;
  /** Is told when Redis stops answering, and when it answers again. */
  readonly warn: (message: string) => void;
}

/**
 * Lets the instances of a service judge the requests of all of them. Each publishes its blocks of requests, as sketches, to one stream in
 * Redis and takes all blocks from it, so that every instance has the same windows. One of them judges, and tells; another takes over when
 * it is gone. While Redis does not answer, each instance judges what it reads itself.
 */
export class SharedWindows {
  readonly #options: SharedWindowsOptions;
  readonly #instance = randomUUID();
  readonly #key: string;
  #last = '-';
  #isJudge = false;
  #isAway = false;
  #polling: Promise<void> | undefined;

  constructor(options: SharedWindowsOptions) {
    this.#options = options;
    const { model, modelSha256, created } = options.detector.reference;
    this.#key = `text-recognizer:monitoring:${model}:${modelSha256.slice(0, 16)}:${created}`;
  }

  /** Sends a block of this instance's requests to all; where Redis does not answer, only this instance's detector takes it. */
  async publish(block: Sketch): Promise<void> {
    const { redis, detector, tell } = this.#options;
    try {
      await redis.xadd(this.#key, 'MAXLEN', MOST_BLOCKS, '*', 'block', JSON.stringify(block));
      await redis.expire(this.#key, KEEP_SECONDS);
    } catch (error) {
      this.#away(error as Error);
      const alarm = detector.take(block);
      if (alarm) tell(alarm);
    }
  }

  /** Takes in what all instances have published since the last time; never throws. */
  async poll(): Promise<void> {
    this.#polling ??= this.#follow()
      .then(() => this.#back())
      .catch((error: Error) => this.#away(error))
      .finally(() => (this.#polling = undefined));
    await this.#polling;
  }

  /** Lets another instance judge at once. */
  async close(): Promise<void> {
    await this.poll();
    if (this.#isJudge) await this.#options.redis.del(`${this.#key}:judge`).catch(() => {});
  }

  async #follow(): Promise<void> {
    const { redis, detector } = this.#options;
    const isFirst = this.#last === '-';
    const entries = await redis.xrange(this.#key, isFirst ? '-' : `(${this.#last}`, '+');
    const isJudge = (await redis.eval(RENEW_LEASE, 1, `${this.#key}:judge`, this.#instance, LEASE_MS)) === 1;
    // What was published before this instance came was judged by those that were there.
    const isNewJudge = isJudge && !this.#isJudge;
    if (isFirst) detector.replace(entries.map(blockOf));
    if (isNewJudge || !isJudge) await this.#adopt(isNewJudge);
    this.#isJudge = isJudge;
    if (!isFirst) for (const entry of entries) await this.#take(blockOf(entry), isJudge);
    this.#last = entries.at(-1)?.[0] ?? (isFirst ? '0' : this.#last);
  }

  async #take(block: Sketch, isJudge: boolean): Promise<void> {
    const { redis, detector, tell } = this.#options;
    if (!isJudge) return detector.follow(block);
    const alarm = detector.take(block);
    if (alarm?.state === 'resolved') await redis.xtrim(this.#key, 'MAXLEN', 0);
    await redis.set(`${this.#key}:standing`, JSON.stringify(detector.standing), 'EX', KEEP_SECONDS);
    if (alarm) tell(alarm);
  }

  /** The one that judged before may have told nobody of its alarm: receivers know it by its key. */
  async #adopt(isTold: boolean): Promise<void> {
    const { redis, detector, tell } = this.#options;
    const text = await redis.get(`${this.#key}:standing`);
    if (text === null) return;
    detector.adopt(standingSchema.parse(JSON.parse(text)) as Standing);
    const { alarm } = detector.standing;
    if (isTold && alarm) tell(alarm);
  }

  #away(error: Error): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.#isJudge = false;
    const { warn, detector } = this.#options;
    warn(`The statistics of ${detector.reference.model} are not shared, Redis does not answer: ${error.message}`);
  }

  #back(): void {
    if (this.#isAway)
      this.#options.warn(`The statistics of ${this.#options.detector.reference.model} are shared again.`);
    this.#isAway = false;
  }
}

function blockOf([, fields]: readonly [id: string, fields: readonly string[]]): Sketch {
  return Sketch.from(sketchSchema.parse(JSON.parse(fields[1])));
}
