import { toAlto } from '../../../src/formats/to-alto.ts';
import { toHocr } from '../../../src/formats/to-hocr.ts';
import { toJson } from '../../../src/formats/to-json.ts';
import { toPageXml } from '../../../src/formats/to-page-xml.ts';
import type { Reading } from '../../../src/reading/reading.ts';

type Write = (reading: Reading, file: string) => string;

/** What a reading can be saved as, with the extension and type of the file. */
const FORMATS: Readonly<Record<string, { extension: string; type: string; write: Write }>> = {
  text: { extension: 'txt', type: 'text/plain', write: ({ text }) => `${text}\n` },
  json: {
    extension: 'json',
    type: 'application/json',
    write: (reading, file) => `${JSON.stringify(toJson(reading, file))}\n`,
  },
  hocr: { extension: 'hocr', type: 'application/xhtml+xml', write: (reading, file) => toHocr(reading, { file }) },
  alto: { extension: 'alto.xml', type: 'application/xml', write: (reading, file) => toAlto(reading, { file }) },
  page: { extension: 'page.xml', type: 'application/xml', write: (reading, file) => toPageXml(reading, { file }) },
};

/** The picture that was read is a PNG without a name. */
const PICTURE = 'picture.png';

/** Saves a reading as a file in one of the formats of the list. */
export function downloadReading(reading: Reading, format: string): void {
  const { extension, type, write } = FORMATS[format];
  const url = URL.createObjectURL(new Blob([write(reading, PICTURE)], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `reading.${extension}`;
  link.click();
  // The browser has to have begun first.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
