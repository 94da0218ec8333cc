import type { LineDataset } from '../datasets/lines/line-dataset.ts';
import { inkPng } from './ink-png.ts';

/** Data URIs (PNG, dark ink on white) of the lines at `indices`, by index. */
export async function lineImageUris(dataset: LineDataset, indices: readonly number[]): Promise<Map<number, string>> {
  const uris = new Map<number, string>();
  for (const index of new Set(indices)) {
    const png = await inkPng(dataset.image(index));
    uris.set(index, `data:image/png;base64,${png.toString('base64')}`);
  }
  return uris;
}
