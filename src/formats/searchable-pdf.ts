import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { TextRecognizerError } from '../errors.ts';
import type { Reading } from '../reading/reading.ts';
import { type PageFacts, SOFTWARE } from './page-facts.ts';
import { placeWords, type PlacedWord } from './place-words.ts';
import { encodeText, type FontCharacters, fontsFor, GLYPH, toUnicodeMap } from './text-fonts.ts';

/** A picture that was read, and what was read in it. */
export interface PdfPage {
  readonly reading: Reading;
  /** The picture as JPEG, upright. */
  readonly jpeg: Uint8Array;
  /** Pixels of the picture on an inch of paper; that of the reading, otherwise 300, by default. */
  readonly resolution?: number;
}

const POINTS_PER_INCH = 72;
const DEFAULT_RESOLUTION = 300;
/** PDF has no longer sides (ISO 32000-1, annex C). */
const MAX_POINTS = 14_400;

/** Writes a PDF page by page: each picture, and the text under it, invisible, where it was read, to be found and copied. */
export class SearchablePdf {
  /** The bytes of the file, as pages are added. */
  readonly bytes: Readable;
  readonly #document: PDFKit.PDFDocument;

  private constructor(document: PDFKit.PDFDocument) {
    this.#document = document;
    this.bytes = document;
  }

  /** Begins a file, with `file` for its title. */
  static async open({ file, created = new Date() }: PageFacts): Promise<SearchablePdf> {
    const { default: PDFDocument } = await import('pdfkit');
    const info = { Title: file, Producer: SOFTWARE, Creator: SOFTWARE, CreationDate: created };
    // Without a font of its own: pdfkit would load one.
    return new SearchablePdf(new PDFDocument({ autoFirstPage: false, font: '', info }));
  }

  /** Adds a page; throws INVALID_IMAGE where its picture is not a JPEG. */
  add({ reading, jpeg, resolution = reading.resolution ?? DEFAULT_RESOLUTION }: PdfPage): void {
    const { width, height, lines } = reading;
    const scale = Math.min(POINTS_PER_INCH / resolution, MAX_POINTS / Math.max(width, height));
    const picture = checkJpeg(jpeg);
    const document = this.#document;
    document.addPage({ size: [width * scale, height * scale], margin: 0 });
    document.image(picture, 0, 0, { width: width * scale, height: height * scale });
    const texts = lines.map(placeWords);
    const fonts = fontsFor([...texts.flat().map(({ text }) => text), ' ']);
    fonts.forEach((characters, i) => {
      document.page.fonts[fontName(i)] = this.#font(characters);
    });
    // Text that is written in mode 3 is not drawn.
    document.addContent('BT 3 Tr');
    for (const words of texts) {
      words.forEach((word, i) => {
        const text = i + 1 < words.length ? `${word.text} ` : word.text;
        document.addContent(showWord({ ...word, text }, Array.from(word.text).length, fonts, scale));
      });
    }
    document.addContent('ET');
  }

  /** Ends the file. */
  end(): void {
    this.#document.end();
  }

  #font(characters: FontCharacters): PDFKit.PDFKitReference {
    const [width, ascent, descent] = [GLYPH.width, GLYPH.ascent, GLYPH.descent].map((share) => 1000 * share);
    // Without a box (d0), pdfium passes over lines of a single character.
    const glyph = this.#stream(`${width} 0 0 ${-descent} ${width} ${ascent} d1`);
    const font = this.#document.ref({
      Type: 'Font',
      Subtype: 'Type3',
      FontBBox: [0, -descent, width, ascent],
      FontMatrix: [0.001, 0, 0, 0.001, 0, 0],
      CharProcs: { blank: glyph },
      Encoding: { Type: 'Encoding', Differences: [1, ...characters.map(() => 'blank')] },
      FirstChar: 1,
      LastChar: characters.length,
      Widths: characters.map(() => width),
      Resources: {},
      ToUnicode: this.#stream(toUnicodeMap(characters)),
    });
    // No stream.
    font.end(undefined);
    return font;
  }

  #stream(content: string): PDFKit.PDFKitReference {
    const stream = this.#document.ref({});
    stream.end(Buffer.from(content));
    return stream;
  }
}

/** One picture as a PDF whose text can be found and copied. */
export async function toSearchablePdf(page: PdfPage, facts: PageFacts): Promise<Uint8Array> {
  const pdf = await SearchablePdf.open(facts);
  const written = buffer(pdf.bytes);
  pdf.add(page);
  pdf.end();
  return await written;
}

function checkJpeg(bytes: Uint8Array): Buffer {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return Buffer.from(bytes);
  throw new TextRecognizerError('INVALID_IMAGE', 'The picture of a page of a PDF must be a JPEG. Convert it first.');
}

/** The operators for a word; `letters` of its characters fill its width. The page's y axis points down. */
function showWord(
  { text, start: [x, y], direction: [ux, uy], width, height }: PlacedWord,
  letters: number,
  fonts: readonly FontCharacters[],
  scale: number,
): string {
  const size = number(height * scale);
  const stretch = number((100 * width) / (letters * GLYPH.width * height));
  const matrix = [ux, uy, uy, -ux, x * scale, y * scale].map(number).join(' ');
  const shown = encodeText(text, fonts).map(({ font, codes }) => `/${fontName(font)} ${size} Tf <${codes}> Tj`);
  return `${stretch} Tz ${matrix} Tm ${shown.join(' ')}`;
}

function fontName(index: number): string {
  return `Text${index + 1}`;
}

/** PDF knows no exponents. */
function number(value: number): string {
  return String(Number(value.toFixed(4)));
}
