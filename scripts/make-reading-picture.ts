/**
 * Makes docs/reading.svg, the picture in README.md: node scripts/run.mjs scripts/make-reading-picture.ts
 * reads sample lines and draws each word's polygon, text and confidence below the line. The same code and model give the same file.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFileAtomic } from '../src/files/write-file-atomic.ts';
import type { LineReading } from '../src/reading/reading.ts';
import { Recognizer } from '../src/reading/recognizer.ts';
import { element, label, svgDocument } from '../src/report/svg.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FILES = ['we-desire-to-set-up-a-moral-standard.png', 'blanche-comme-une-statue-de-cire.png'];
const MARGIN = 12;
/** Room below a line for what was read, in pixels. */
const CAPTION = 44;
const STYLE = `
.word { fill: #0969da; fill-opacity: .12; stroke: #0969da; }
text.read { font-size: 15px; font-weight: 600; }`;

function drawWords({ words }: LineReading, x: number, y: number, below: number): string {
  return words
    .map(({ text, confidence, polygon }) => {
      const left = x + Math.min(...polygon.map(([px]) => px));
      const points = polygon.map(([px, py]) => `${Math.round(x + px)},${Math.round(y + py)}`).join(' ');
      return [
        element('polygon', { class: 'word', points }),
        label(text, { class: 'read', x: left, y: below + 18 }),
        label(`${Math.round(100 * confidence)} %`, { class: 'quiet', x: left, y: below + 34 }),
      ].join('');
    })
    .join('');
}

const recognizer = await Recognizer.load();
const drawn: string[] = [];
let y = MARGIN;
let width = 0;
for (const file of FILES) {
  const path = join(ROOT, 'data/line-sample', file);
  const png = await readFile(path);
  const reading = await recognizer.read(png);
  const href = `data:image/png;base64,${png.toString('base64')}`;
  drawn.push(element('image', { href, x: MARGIN, y, width: reading.width, height: reading.height }));
  drawn.push(...reading.lines.map((line) => drawWords(line, MARGIN, y, y + reading.height)));
  y += reading.height + CAPTION;
  width = Math.max(width, reading.width + 2 * MARGIN);
}
await recognizer.close();
await writeFileAtomic(join(ROOT, 'docs/reading.svg'), svgDocument(width, y + MARGIN, STYLE, drawn));
