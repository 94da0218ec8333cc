/** A PDF of these objects, numbered from 1; the first is the catalog. */
export function makePdf(objects: readonly string[]): Buffer {
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const xref = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  file += `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

/** A stream with its dictionary. */
export function pdfStream(content: string, entries = ''): string {
  return `<< ${entries} /Length ${content.length} >>\nstream\n${content}\nendstream`;
}

/** A PDF of pages with a size in points, each with its lower left inch black. */
export function pdfOfPages(sizes: readonly (readonly [width: number, height: number, extra?: string])[]): Buffer {
  const pages = sizes.map(
    ([width, height, extra = '']) =>
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents 3 0 R ${extra} >>`,
  );
  const kids = pages.map((_, i) => `${i + 4} 0 R`).join(' ');
  return makePdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    pdfStream('0 0 72 72 re f'),
    ...pages,
  ]);
}

/** A PDF whose first page takes practically forever to draw, by forms that each draw the next 30 times; its second is empty. */
export function endlessPdf(): Buffer {
  const forms = Array.from({ length: 12 }, (_, i) =>
    pdfStream(
      `${'/F Do '.repeat(30)}0 0 72 72 re f`,
      `/Type /XObject /Subtype /Form /BBox [0 0 72 72] /Resources << /XObject << /F ${i + 7} 0 R >> >>`,
    ),
  );
  const page = (content: number) =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] /Resources << /XObject << /F 6 0 R >> >> /Contents ${content} 0 R >>`;
  return makePdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>',
    page(5),
    page(18),
    pdfStream('/F Do'),
    ...forms,
    pdfStream(''),
  ]);
}
