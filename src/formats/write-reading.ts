import type { Reading } from '../reading/reading.ts';
import type { PageFacts } from './page-facts.ts';
import { toSearchablePdf } from './searchable-pdf.ts';
import { toAlto } from './to-alto.ts';
import { toHocr } from './to-hocr.ts';
import { toJson } from './to-json.ts';
import { toPageXml } from './to-page-xml.ts';

/** The forms that a reading is written in, with the extensions of their files. */
export const extensions = { text: 'txt', json: 'json', hocr: 'hocr', alto: 'xml', page: 'xml', pdf: 'pdf' } as const;
export type ReadingFormat = keyof typeof extensions;
export const readingFormats = Object.keys(extensions) as readonly ReadingFormat[];

/** The content of a file with a reading; `toJpeg` gives the picture where the format contains it. */
export async function writeReading(
  format: ReadingFormat,
  reading: Reading,
  facts: PageFacts,
  toJpeg: () => Promise<Uint8Array>,
): Promise<string | Uint8Array> {
  switch (format) {
    case 'text':
      return reading.text === '' ? '' : `${reading.text}\n`;
    case 'json':
      return `${JSON.stringify(toJson(reading, facts.file))}\n`;
    case 'hocr':
      return toHocr(reading, facts);
    case 'alto':
      return toAlto(reading, facts);
    case 'page':
      return toPageXml(reading, facts);
    case 'pdf':
      return await toSearchablePdf({ reading, jpeg: await toJpeg() }, facts);
  }
}
