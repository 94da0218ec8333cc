import sharp from 'sharp';
import type { GrayImage } from '../src/images/gray-image.ts';
import { element, label, svgDocument } from '../src/report/svg.ts';

declare const Deno: {
  readonly jupyter: { display(content: Readonly<Record<string, string>>, options: { raw: true }): Promise<void> };
};

/** Shows content of a media type below the cell; the value of a cell's last expression can come too late for a client that runs the next one. */
const show = (type: string, content: string) => Deno.jupyter.display({ [type]: content }, { raw: true });

/** Shows images of white ink on black as dark ink on paper, in rows of `columns`, each `scale` times as large. */
export async function pictures(images: readonly GrayImage[], columns: number, scale = 1): Promise<void> {
  await paper(
    images.map(({ data, ...size }) => ({ ...size, data: data.map((ink) => 255 - ink) })),
    columns,
    scale,
  );
}

/** Shows images as they are, in rows of `columns`, each `scale` times as large. */
export async function paper(images: readonly GrayImage[], columns: number, scale = 1): Promise<void> {
  const gap = 4;
  const cell = {
    width: Math.max(...images.map(({ width }) => width)) + gap,
    height: Math.max(...images.map(({ height }) => height)) + gap,
  };
  const width = cell.width * Math.min(columns, images.length);
  const height = cell.height * Math.ceil(images.length / columns);
  const data = new Uint8Array(width * height).fill(255);
  images.forEach((image, i) => {
    const left = (i % columns) * cell.width;
    const top = Math.floor(i / columns) * cell.height;
    for (let y = 0; y < image.height; y++) {
      data.set(image.data.subarray(y * image.width, (y + 1) * image.width), (top + y) * width + left);
    }
  });
  const png = sharp(data, { raw: { width, height, channels: 1 } }).resize(width * scale, height * scale, {
    kernel: 'nearest',
  });
  await show('image/png', (await png.png({ palette: true, colours: 16 }).toBuffer()).toString('base64'));
}

/** Shows a bar for each value, with its name before and the number after it. */
export async function bars(title: string, values: ReadonlyMap<string, number>): Promise<void> {
  const row = 20;
  const most = Math.max(...values.values());
  const content = [...values].flatMap(([name, value], i) => {
    const y = 30 + i * row;
    const width = (300 * value) / most;
    return [
      label(name, { x: 92, y: y + 13, 'text-anchor': 'end' }),
      element('rect', { x: 100, y: y + 3, width, height: row - 6, fill: '#1f77b4' }),
      label(String(value), { x: 106 + width, y: y + 13, class: 'quiet' }),
    ];
  });
  const heading = label(title, { x: 8, y: 20, class: 'title' });
  await show('image/svg+xml', svgDocument(480, 40 + values.size * row, '', [heading, ...content]));
}
