import { distance } from 'fastest-levenshtein';
import { Counter, Gauge, type OpenMetricsContentType, type Registry } from 'prom-client';
import type { Reading } from '../../reading/reading.ts';
import { PREFIX } from '../monitoring/reading-metrics.ts';
import { ProblemError } from '../http/problem.ts';
import { type ReadingService, readingThrough } from '../reading-service.ts';
import { type Correction, FeedbackStore } from './feedback-store.ts';
import { RememberedReadings } from './remembered-readings.ts';
import { readKey } from './sealed-file.ts';

export interface FeedbackOptions {
  readonly folder: string;
  /** A file with 64 hexadecimal digits. */
  readonly keyFile: string;
  readonly maxBytes?: number;
  readonly days?: number;
}

/** What someone says of a reading. */
export interface GivenFeedback {
  readonly requestId: string;
  /** What the picture says. */
  readonly text: string;
  /** Whether its owner allows that the picture is kept. */
  readonly consent: boolean;
}

const SWEEP_MS = 60 * 60_000;
const FORGET_MS = 60_000;

/** Takes corrections of what was read lately: counts errors, and keeps pictures whose owners allow it. */
export class Feedback {
  readonly #store: FeedbackStore;
  readonly #remembered = new RememberedReadings();
  readonly #timers: readonly NodeJS.Timeout[];
  #count: (model: string, edits: number, characters: number, expected: number) => void = () => {};

  private constructor(store: FeedbackStore) {
    this.#store = store;
    this.#timers = [
      setInterval(() => void this.#store.sweep().catch(() => {}), SWEEP_MS).unref(),
      setInterval(() => this.#remembered.forgetOld(), FORGET_MS).unref(),
    ];
  }

  /** Throws FILE_NOT_FOUND, INVALID_ARGUMENT or FILE_NOT_WRITABLE. */
  static async start({ keyFile, ...options }: FeedbackOptions): Promise<Feedback> {
    return new Feedback(await FeedbackStore.open({ ...options, key: await readKey(keyFile) }));
  }

  /** Counts corrections, and true edits beside those that the confidences let expect. */
  count(registry: Registry<OpenMetricsContentType>): void {
    const counter = (name: string, help: string) =>
      new Counter({ name: `${PREFIX}feedback_${name}_total`, help, labelNames: ['model'], registers: [registry] });
    const corrections = counter('corrections', 'Readings that were corrected or confirmed');
    const edits = counter('edits', 'Characters that were wrong in them');
    const expectedEdits = counter('expected_edits', 'Characters that their confidences let expect to be wrong');
    const characters = counter('characters', 'Characters of the true texts');
    this.#count = (model, wrong, length, expected) => {
      corrections.inc({ model });
      edits.inc({ model }, wrong);
      expectedEdits.inc({ model }, expected);
      characters.inc({ model }, length);
    };
    const store = this.#store;
    void new Gauge({
      name: `${PREFIX}feedback_bytes`,
      help: 'Pictures with corrections on disk',
      registers: [registry],
      collect() {
        this.set(store.bytes);
      },
    });
  }

  /** The same service, whose single readings are remembered for a while. */
  remembering(service: ReadingService): ReadingService {
    const remembered = this.#remembered;
    return readingThrough(service, async (image, options = {}) => {
      const { requestId } = options;
      if (!options.isSingle || requestId === undefined) return await service.read(image, options);
      // Reading takes the memory of the image over.
      const picture = image.bytes.slice();
      const timed = await service.read(image, options);
      remembered.add(requestId, picture, timed.reading);
      return timed;
    });
  }

  /** Takes a correction; the id is that of what was kept, if anything was. Throws READING_NOT_FOUND or FEEDBACK_FULL. */
  async give({ requestId, text, consent }: GivenFeedback): Promise<{ readonly id?: string }> {
    const remembered = this.#remembered.get(requestId);
    if (remembered === undefined) {
      throw new ProblemError(
        'READING_NOT_FOUND',
        'No single image was read under this request_id within the last ten minutes, or it was corrected already.',
      );
    }
    const { picture, reading } = remembered;
    const { model, width, height } = reading;
    const lines = reading.lines.map(({ text, confidence, polygon }) => ({ text, confidence, polygon }));
    const correction = { requestId, model, time: new Date().toISOString(), text, width, height, lines };
    this.#remembered.forget(requestId);
    const id = consent ? await this.#keep(correction, picture, reading) : undefined;
    const doubts = reading.lines.flatMap(({ characters }) => characters.map(({ confidence }) => 1 - confidence));
    const expected = doubts.reduce((sum, doubt) => sum + doubt, 0);
    this.#count(model, distance(reading.text, text), [...text].length, expected);
    return id === undefined ? {} : { id };
  }

  /** Deletes what was kept under an id; false where there is nothing. */
  async remove(id: string): Promise<boolean> {
    return await this.#store.remove(id);
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  async #keep(correction: Correction, picture: Uint8Array, reading: Reading): Promise<string> {
    try {
      return await this.#store.add(correction, picture);
    } catch (cause) {
      // It can be given again, without consent or when there is room.
      this.#remembered.add(correction.requestId, picture, reading);
      throw new ProblemError('FEEDBACK_FULL', 'The picture cannot be kept: there is no room for it.', { cause });
    }
  }
}
