import sharp from 'sharp';
import type { LineDataset } from '../datasets/lines/line-dataset.ts';

/** Data URIs (PNG, dark ink on white) of the lines at `indices`, by index. */
export async function lineImageUris(dataset: LineDataset, indices: readonly number[]): Promise<Map<number, string>> {
  const uris = new Map<number, string>();
  for (const index of new Set(indices)) {
    const { width, height, data } = dataset.image(index);
    const paper = data.map((value) => 255 - value);
    const png = await sharp(paper, { raw: { width, height, channels: 1 } })
      .png({ palette: true, colours: 16 })
      .toBuffer();
    uris.set(index, `data:image/png;base64,${png.toString('base64')}`);
  }
  return uris;
}
