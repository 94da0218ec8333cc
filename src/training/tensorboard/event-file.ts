import { closeSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { TextRecognizerError } from '../../errors.ts';
import { explainWrite } from '../../files/explain-write.ts';
import { encodeEvent, type SummaryImage, type SummaryValue, type TensorBoardEvent } from './event.ts';
import { tfRecord } from './tf-record.ts';

const SESSION_START = 1;
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Channels by PNG colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };

/** An event file that TensorBoard shows while it grows; every record is with the system when a method returns. */
export class EventFile {
  readonly path: string;
  readonly #file: number;

  /** A new file in `folder`; `firstStep` makes TensorBoard forget that and later steps of the folder's other files. */
  constructor(folder: string, firstStep: number) {
    try {
      mkdirSync(folder, { recursive: true });
      this.path = join(folder, nextName(folder));
      this.#file = openSync(this.path, 'wx');
    } catch (error) {
      throw explainWrite(folder, error);
    }
    this.#write({ fileVersion: 'brain.Event:2' });
    this.#write({ step: firstStep, sessionLog: { status: SESSION_START } });
  }

  /** Numbers by tag, e.g. `{ 'epoch/loss': 0.5 }`. */
  scalars(step: number, values: Readonly<Record<string, number>>): void {
    this.#summary(
      step,
      Object.entries(values).map(([tag, simpleValue]) => ({ tag, simpleValue })),
    );
  }

  /** A PNG file; throws INVALID_IMAGE for other bytes. */
  image(step: number, tag: string, png: Uint8Array): void {
    this.#summary(step, [{ tag, image: summaryImage(png) }]);
  }

  close(): void {
    closeSync(this.#file);
  }

  #summary(step: number, value: readonly SummaryValue[]): void {
    this.#write({ step, summary: { value } });
  }

  #write(event: Omit<TensorBoardEvent, 'wallTime'>): void {
    try {
      writeFileSync(this.#file, tfRecord(encodeEvent({ wallTime: Date.now() / 1000, ...event })));
    } catch (error) {
      throw explainWrite(this.path, error);
    }
  }
}

/** TensorBoard reads files in the order of their names: the time must be later than that of every file there is. */
function nextName(folder: string): string {
  const times = readdirSync(folder).map((name) => Number(/^events\.out\.tfevents\.(\d+)\./.exec(name)?.[1] ?? 0));
  const time = Math.max(Math.floor(Date.now() / 1000), 1 + Math.max(0, ...times));
  return `events.out.tfevents.${String(time).padStart(10, '0')}.${hostname()}.${process.pid}`;
}

/** Reads the header chunk of a PNG (https://www.w3.org/TR/png-3/#11IHDR). */
function summaryImage(png: Uint8Array): SummaryImage {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  if (bytes.length < 33 || !bytes.subarray(0, 8).equals(PNG_SIGNATURE)) {
    throw new TextRecognizerError(
      'INVALID_IMAGE',
      `TensorBoard needs a PNG file; these ${bytes.length} bytes are none. Encode the image with sharp().png() first.`,
    );
  }
  return {
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    colorspace: CHANNELS[bytes[25]] ?? 3,
    encodedImageString: png,
  };
}
