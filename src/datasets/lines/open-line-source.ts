import { openDatasetSource } from '../sources/open-dataset-source.ts';
import { emnistLines } from '../synthesis/emnist-lines.ts';
import type { LineDataset } from './line-dataset.ts';
import type { LineSource } from './line-source.ts';
import { memoryLines } from './memory-lines.ts';
import { openStrokeLines } from '../synthesis/stroke-lines.ts';

/** Opens the lines that `source` describes, on any thread. */
export async function openLineSource(source: LineSource): Promise<LineDataset> {
  switch (source.kind) {
    case 'memory':
      return memoryLines(source);
    case 'strokes':
      return openStrokeLines(source);
    case 'fonts':
      // Only who trains with fonts needs the font library.
      return (await import('../synthesis/font-lines.ts')).openFontLines(source);
    case 'emnist-lines':
      return emnistLines({ ...source, characters: await openDatasetSource(source.characters) });
  }
}
