import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../files/write-file-atomic.ts';
import type { Session } from '../runtime/session.ts';
import type { Samples } from '../tasks/samples.ts';
import type { Callback, EpochReport, JsonValue, TrainingControl } from '../training/callback.ts';
import { JsonLines } from '../training/callbacks/json-lines.ts';

const stateSchema = z.object({ bytes: z.int() });

/**
 * Writes what is read in a few held-out items after each epoch to `predictions.jsonl`, and their pictures to `predictions/`. The first line
 * has the items, each other an epoch.
 */
export class PredictionLog implements Callback {
  readonly name = 'predictions';
  readonly #samples: Samples;
  readonly #lines = new JsonLines({ fileName: 'predictions.jsonl' });
  #predicted: readonly string[] = [];

  constructor(samples: Samples) {
    this.#samples = samples;
  }

  /** Reads the samples with the weights of this epoch; to be called before its end is told. */
  async read(session: Session): Promise<void> {
    this.#predicted = await this.#samples.read(session);
  }

  async onTrainStart(control: TrainingControl): Promise<void> {
    this.#lines.onTrainStart(control);
    if (stateSchema.parse(this.#lines.state()).bytes > 0) return;
    const items = this.#samples.texts.map((text, i) => ({ image: `predictions/${i}.png`, text }));
    const pictures = await this.#samples.pictures();
    for (const [i, { image }] of items.entries()) await writeFileAtomic(join(control.folder, image), pictures[i]);
    this.#lines.write('items', { items });
  }

  onEpochEnd({ epoch }: EpochReport): void {
    this.#lines.write('epoch', { epoch, predicted: this.#predicted });
  }

  onTrainEnd(): void {
    this.#lines.onTrainEnd();
  }

  state(): JsonValue {
    return this.#lines.state();
  }

  restore(state: JsonValue): void {
    this.#lines.restore(state);
  }
}
