import type { GrayImage } from '../../images/gray-image.ts';
import { readPictures } from '../../reading/read-pictures.ts';
import type { RecognizeOptions, Recognizer } from '../../reading/recognizer.ts';
import type { Measurement } from '../../server/monitoring/measurement.ts';
import { ReadingMeter } from '../../server/monitoring/reading-meter.ts';
import { editDistance } from '../../text/edit-distance.ts';

/** A picture, and what is written in it where that is known. */
export interface Picture {
  readonly image: GrayImage;
  readonly text?: string;
  /** Whose lines these are, and what was done to the picture, where that is known. */
  readonly population?: string;
  readonly kind?: string;
}

/** A picture that was read, as the service measures it. */
export interface MeasuredPicture extends Pick<Picture, 'population' | 'kind'> {
  readonly measurement: Measurement;
  /** Edits from what was read to the text, where that is known, and its length. */
  readonly edits: number;
  readonly textLength: number;
}

const AT_A_TIME = 8;

/** Reads pictures as the service does, some at a time, and measures them. `onRead` is told how many were read. */
export async function measureTraffic(
  recognizer: Recognizer,
  pictures: Iterable<Picture>,
  options: RecognizeOptions = {},
  onRead: (count: number) => void = () => {},
): Promise<MeasuredPicture[]> {
  const measured: MeasuredPicture[] = [];
  let batch: Picture[] = [];
  const readBatch = async (): Promise<void> => {
    measured.push(...(await measureBatch(recognizer, batch, options)));
    batch = [];
    onRead(measured.length);
  };
  for (const picture of pictures) {
    batch.push(picture);
    if (batch.length === AT_A_TIME) await readBatch();
  }
  if (batch.length > 0) await readBatch();
  return measured;
}

async function measureBatch(
  recognizer: Recognizer,
  pictures: readonly Picture[],
  options: RecognizeOptions,
): Promise<MeasuredPicture[]> {
  const meters = pictures.map(() => new ReadingMeter());
  const prepared = await Promise.all(
    pictures.map(({ image }, i) => {
      const { observePicture, observeLine } = meters[i];
      return recognizer.prepare({ ...image, channels: 1 }, { ...options, observePicture, observeLine });
    }),
  );
  const readings = await readPictures(prepared);
  return readings.map((reading, i) => {
    const { text, population, kind } = pictures[i];
    return {
      population,
      kind,
      measurement: meters[i].measurement(reading),
      edits: text === undefined ? 0 : editDistance(text, reading.text.replaceAll('\n', ' ')),
      textLength: [...(text ?? '')].length,
    };
  });
}
