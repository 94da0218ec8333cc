import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { TextRecognizerError } from '../../errors.ts';
import { explainWrite } from '../../files/explain-write.ts';
import type { Callback, EpochReport, JsonValue, StepReport, TrainingControl } from '../callback.ts';
import { checkCount } from './check-option.ts';
import { restoredState } from './restored-state.ts';

export interface JsonLinesOptions {
  /** Name in the run folder; default `metrics.jsonl`. */
  readonly fileName?: string;
  /** Steps from one line to the next; default 1. */
  readonly everySteps?: number;
}

const stateSchema = z.strictObject({ bytes: z.int().nonnegative() });

/**
 * Streams steps and epochs to `metrics.jsonl`, a JSON object a line, for programs to follow (https://jsonlines.org).
 * NaN and infinities are written as strings, as in Protocol Buffers' JSON. A resumed run takes back the lines after its
 * checkpoint and resumes from there, so that no step appears twice.
 */
export class JsonLines implements Callback {
  readonly name = 'json-lines';
  readonly #fileName: string;
  readonly #everySteps: number;
  #path = '';
  #file: number | undefined;
  #bytes = 0;
  #resumed = false;

  constructor({ fileName = 'metrics.jsonl', everySteps = 1 }: JsonLinesOptions = {}) {
    checkCount(this.name, 'everySteps', everySteps);
    this.#fileName = fileName;
    this.#everySteps = everySteps;
  }

  onTrainStart(control: TrainingControl): void {
    this.#path = join(control.folder, this.#fileName);
    try {
      if (!this.#resumed) setAside(this.#path);
      this.#bytes = existsSync(this.#path) ? takeBack(this.#path, this.#bytes) : 0;
      this.#file = openSync(this.#path, 'a');
    } catch (error) {
      throw explainWrite(this.#path, error);
    }
  }

  onStepEnd(report: StepReport): void {
    if (report.step % this.#everySteps === 0) this.write('step', report);
  }

  onEpochEnd(report: EpochReport): void {
    this.write('epoch', report);
  }

  onTrainEnd(): void {
    // Where the training could not start, there is nothing to close.
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  /** Appends one line of the caller's own kind; only between the training's start and its end. */
  write(event: string, record: object): void {
    const line = `${JSON.stringify({ event, time: new Date().toISOString(), ...record }, nameNonFinite)}\n`;
    const file = this.#openFile();
    try {
      writeFileSync(file, line);
    } catch (error) {
      throw explainWrite(this.#path, error);
    }
    this.#bytes += Buffer.byteLength(line);
  }

  /** Also makes the lines durable, so that a checkpoint never knows of more lines than the disk. */
  state(): JsonValue {
    if (this.#file !== undefined) fsyncSync(this.#file);
    return { bytes: this.#bytes };
  }

  restore(state: JsonValue): void {
    this.#bytes = restoredState(this.name, stateSchema, state).bytes;
    this.#resumed = true;
  }

  #openFile(): number {
    if (this.#file !== undefined) return this.#file;
    throw new TextRecognizerError(
      'INVALID_ARGUMENT',
      `${this.#fileName} is open only from the start to the end of a training: write to it from a callback.`,
    );
  }
}

/** Cuts a file to its whole lines within the first `bytes`; how many bytes are left. */
function takeBack(path: string, bytes: number): number {
  const kept = readFileSync(path).subarray(0, bytes).lastIndexOf('\n') + 1;
  truncateSync(path, kept);
  return kept;
}

/** Renames the file of an earlier run in the same folder: `metrics.jsonl` to `metrics.jsonl.1`, `.2` … */
function setAside(path: string): void {
  if (!existsSync(path)) return;
  let number = 1;
  while (existsSync(`${path}.${number}`)) number += 1;
  renameSync(path, `${path}.${number}`);
}

function nameNonFinite(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
