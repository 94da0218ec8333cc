import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const folder = fileURLToPath(new URL('../../data/line-sample', import.meta.url));
/** Where lines are pasted: the left edge of all, the top of the first, and from one to the next, in pixels. */
const place = { left: 30, top: 60, step: 100 } as const;

/** A sheet of 1040 × 720 pixels with the six lines of the bundled sample under each other, in the order of `texts.json`, as PNG. */
export async function samplePage(): Promise<Buffer> {
  const files = Object.keys(JSON.parse(await readFile(join(folder, 'texts.json'), 'utf8')) as Record<string, string>);
  const rows = files.map((file, i) => ({
    input: join(folder, file),
    left: place.left,
    top: place.top + place.step * i,
  }));
  const sheet = { width: 1040, height: 720, channels: 3, background: '#e8e4da' } as const;
  return await sharp({ create: sheet }).composite(rows).png().toBuffer();
}

/** The corners of the ink of each line on that sheet, `[line, corner, x and y]`. */
export async function samplePageLines(): Promise<(readonly (readonly [number, number])[])[]> {
  const { data, info } = await sharp(await samplePage())
    .grayscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const lines = Math.floor((info.height - place.top) / place.step);
  return Array.from({ length: lines }, (_, line) => {
    let [left, right, top, bottom] = [info.width, 0, info.height, 0];
    const from = place.top + place.step * line;
    for (let y = from; y < from + place.step; y++) {
      for (let x = 0; x < info.width; x++) {
        if (data[y * info.width + x] > 100) continue;
        [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
        [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
      }
    }
    return [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ] as const;
  });
}
