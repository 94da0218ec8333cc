import { checkIndex, checkRead } from './check-read.ts';
import type { Dataset } from './dataset.ts';
import { toShared, toSharedIndices } from './shared-memory.ts';

/** The items of `dataset` at `indices`, in that order (repeats allowed), without copying pixels. */
export function subset(dataset: Dataset, indices: ArrayLike<number>, name = dataset.name): Dataset {
  for (let i = 0; i < indices.length; i++) checkIndex(dataset, indices[i]);
  const chosen = toSharedIndices(indices);
  const labels = toShared(Uint8Array.from(chosen, (index) => dataset.labels[index]));
  const { classes, height, width } = dataset;
  const length = chosen.length;

  function read(items: ArrayLike<number>, images: Uint8Array): void {
    checkRead({ name, length, height, width }, items, images);
    dataset.read(
      Uint32Array.from(items, (item) => chosen[item]),
      images,
    );
  }

  const source = { kind: 'subset', name, base: dataset.source, indices: chosen } as const;
  return { name, classes, length, height, width, labels, read, source };
}
