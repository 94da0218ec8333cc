import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { TextRecognizerError } from '../../errors.ts';
import type { IdxArray } from './idx.ts';

/**
 * Reads square images as Kaggle has them: a row for each, the label and then the pixels from 0 to 255, with or without a row of names
 * before. Throws FILE_NOT_FOUND or DATASET_INVALID with the row.
 */
export async function readCsvImages(path: string): Promise<{ images: IdxArray; labels: IdxArray }> {
  const rows: Uint8Array[] = [];
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      number++;
      const text = number === 1 ? line.replace(/^\ufeff/, '') : line;
      if (text.trim() === '' || (number === 1 && /[a-z]/i.test(text))) continue;
      rows.push(parseRow(path, number, text, rows[0]?.length));
    }
  } catch (error) {
    if (error instanceof TextRecognizerError) throw error;
    throw new TextRecognizerError('FILE_NOT_FOUND', `Cannot read ${path} (${(error as Error).message}).`, {
      cause: error,
    });
  }
  return toArrays(rows);
}

function parseRow(path: string, number: number, text: string, length: number | undefined): Uint8Array {
  const values = text.split(',').map((value) => (value.trim() === '' ? NaN : Number(value)));
  const side = Math.sqrt(values.length - 1);
  const invalid = (problem: string) =>
    new TextRecognizerError(
      'DATASET_INVALID',
      `Row ${number} of ${path} ${problem}; a row is a label and the pixels of a square image, from 0 to 255.`,
    );
  if (values.length < 2 || !Number.isInteger(side)) throw invalid(`has ${values.length} values`);
  if (length !== undefined && values.length !== length)
    throw invalid(`has ${values.length} values, the first ${length}`);
  const odd = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value > 255);
  if (odd >= 0) throw invalid(`has ${JSON.stringify(text.split(',')[odd])} as value ${odd + 1}`);
  return Uint8Array.from(values);
}

function toArrays(rows: readonly Uint8Array[]): { images: IdxArray; labels: IdxArray } {
  const size = Math.max(0, (rows[0]?.length ?? 1) - 1);
  const side = Math.sqrt(size);
  const images = new Uint8Array(new SharedArrayBuffer(rows.length * size));
  const labels = new Uint8Array(new SharedArrayBuffer(rows.length));
  rows.forEach((row, i) => {
    labels[i] = row[0];
    images.set(row.subarray(1), i * size);
  });
  return { images: { dims: [rows.length, side, side], data: images }, labels: { dims: [rows.length], data: labels } };
}
