import { TextRecognizerError } from '../errors.ts';
import { checkRead } from './check-read.ts';
import type { Dataset } from './dataset.ts';
import { partOf, partStarts } from './part-of.ts';
import { toShared } from './shared-memory.ts';

/** The items of all `parts`, one after the other; throws `DATASET_INVALID` unless classes and image size agree. */
export function concat(parts: readonly Dataset[], name = parts.map((part) => part.name).join('+')): Dataset {
  const [first, ...others] = parts;
  if (first === undefined) throw new TextRecognizerError('INVALID_ARGUMENT', 'concat needs at least one dataset.');
  for (const other of others) checkAlike(first, other);

  const { classes, height, width } = first;
  const starts = partStarts(parts.map((part) => part.length));
  const length = starts[parts.length];
  const labels = new Uint8Array(length);
  parts.forEach((part, index) => labels.set(part.labels, starts[index]));

  function read(indices: ArrayLike<number>, images: Uint8Array): void {
    checkRead({ name, length, height, width }, indices, images);
    const size = height * width;
    for (let i = 0; i < indices.length; i++) {
      const at = partOf(starts, indices[i]);
      parts[at].read([indices[i] - starts[at]], images.subarray(i * size, (i + 1) * size));
    }
  }

  const source = { kind: 'concat', name, parts: parts.map((part) => part.source) } as const;
  return { name, classes, length, height, width, labels: toShared(labels), read, source };
}

function checkAlike(a: Dataset, b: Dataset): void {
  if (a.height !== b.height || a.width !== b.width) {
    throw new TextRecognizerError(
      'DATASET_INVALID',
      `${a.name} has images of ${a.height}×${a.width} pixels and ${b.name} of ${b.height}×${b.width}: resize one of them.`,
    );
  }
  if (a.classes.join('\0') === b.classes.join('\0')) return;
  throw new TextRecognizerError(
    'DATASET_INVALID',
    `${a.name} (${a.classes.length} classes) and ${b.name} (${b.classes.length}) have different classes: relabel one of them.`,
  );
}
