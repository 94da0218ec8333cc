/* oxlint-disable no-underscore-dangle -- pdfium's functions are called so. */
import { PDFiumLibrary, PDFiumModule } from '@hyzyla/pdfium';

/** A page of a PDF: its size in points, its text, and where each character is. */
export interface PdfText {
  readonly width: number;
  readonly height: number;
  readonly text: string;
  /** In UTF-16 code units of the text: left, bottom, right and top in points from the lower left corner of the page. */
  readonly boxes: readonly (readonly number[])[];
  /** Where each begins on its baseline, likewise. */
  readonly origins: readonly (readonly number[])[];
}

/** What pdfium has and its wrapper does not declare. */
interface TextFunctions {
  _FPDFText_GetCharBox(page: number, index: number, left: number, right: number, bottom: number, top: number): number;
  _FPDFText_GetCharOrigin(page: number, index: number, x: number, y: number): number;
}

type Pdfium = Awaited<ReturnType<typeof PDFiumModule>> & TextFunctions;

/** Reads the text of each page with pdfium. */
export async function readPdfText(bytes: Uint8Array): Promise<PdfText[]> {
  const pdfium = (await PDFiumModule({})) as Pdfium;
  pdfium._FPDF_InitLibraryWithConfig({ version: 2 });
  const document = await new PDFiumLibrary(pdfium).loadDocument(bytes);
  return Array.from(document.pages(), (page) => {
    const { originalWidth: width, originalHeight: height } = page.getOriginalSize();
    const { pageIdx } = page as unknown as { pageIdx: number };
    const textPage = pdfium._FPDFText_LoadPage(pageIdx);
    const each = (values: number, read: (index: number, at: number) => void) =>
      Array.from({ length: pdfium._FPDFText_CountChars(textPage) }, (_, i) =>
        doubles(pdfium, values, (at) => read(i, at)),
      );
    return {
      width,
      height,
      text: page.getText(),
      boxes: each(4, (i, at) => pdfium._FPDFText_GetCharBox(textPage, i, at, at + 16, at + 8, at + 24)),
      origins: each(2, (i, at) => pdfium._FPDFText_GetCharOrigin(textPage, i, at, at + 8)),
    };
  });
}

/** Numbers that `read` leaves in pdfium's memory, to tenths. */
function doubles(pdfium: Pdfium, count: number, read: (at: number) => void): number[] {
  const at = pdfium.wasmExports.malloc(8 * count);
  read(at);
  const values = Array.from(new Float64Array(pdfium.HEAPU8.buffer, at, count), (value) => Math.round(10 * value) / 10);
  pdfium.wasmExports.free(at);
  return values;
}
