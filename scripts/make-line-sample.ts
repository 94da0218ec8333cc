/**
 * Makes data/line-sample: node scripts/run.mjs scripts/make-line-sample.ts
 * draws a few lines of `font-lines-test` and of `emnist-lines-64-test` (characters of the bundled sample) as PNG files, dark ink on
 * paper, and lists their texts. The same code gives the same files.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { LineDataset } from '../src/datasets/lines/line-dataset.ts';
import { openLines } from '../src/datasets/lines/line-registry.ts';
import { writeFileAtomic } from '../src/files/write-file-atomic.ts';

const FOLDER = fileURLToPath(new URL('../data/line-sample', import.meta.url));
/** Which lines of each set: some short, some long, both languages, plain and ruled paper. */
const FONT_LINES = [8, 17, 20, 21];
const EMNIST_LINES = [1, 3];

async function writeLines(dataset: LineDataset, indices: readonly number[]): Promise<[string, string][]> {
  const written: [string, string][] = [];
  for (const index of indices) {
    const { width, height, data } = dataset.image(index);
    const { text } = dataset.lines[index];
    const file = `${slug(text)}.png`;
    const paper = data.map((value) => 255 - value);
    const png = await sharp(paper, { raw: { width, height, channels: 1 } })
      .png({ palette: true, colours: 16 })
      .toBuffer();
    await writeFileAtomic(join(FOLDER, file), png);
    written.push([file, text]);
  }
  return written;
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

const fonts = await openLines('font-lines-test', { root: FOLDER, fontLines: 60 });
const emnist = await openLines('emnist-lines-64-test', { root: FOLDER, characters: 'emnist-sample-test' });
const texts = Object.fromEntries([
  ...(await writeLines(fonts, FONT_LINES)),
  ...(await writeLines(emnist, EMNIST_LINES)),
]);
await writeFileAtomic(join(FOLDER, 'texts.json'), `${JSON.stringify(texts, null, 2)}\n`);
