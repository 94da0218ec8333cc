import { Command } from 'commander';
import sharp from 'sharp';
import { wholeNumber } from '../src/cli/options.ts';
import { listInputs } from '../src/cli/recognize/list-inputs.ts';
import { runProgram } from '../src/cli/run-program.ts';
import { decodeImage } from '../src/images/decode-image.ts';
import { defaultPageModel } from '../src/models/default-models.ts';
import { readModel } from '../src/models/model-store.ts';
import { findLines } from '../src/reading/find-lines.ts';
import { openPageFinder } from '../src/reading/open-page-finder.ts';

const TILE = 420;

interface Options {
  readonly output: string;
  readonly columns: number;
  readonly every: number;
}

/** Draws the lines that the page model finds over pictures, all on one contact sheet, numbered in reading order. */
async function showFoundLines(paths: readonly string[], { output, columns, every }: Options): Promise<void> {
  const finder = await openPageFinder(await readModel(defaultPageModel));
  const tiles: Buffer[] = [];
  let number = 0;
  for await (const { file } of listInputs(paths)) {
    if (number++ % every === 0) tiles.push(await drawTile(file));
  }
  await finder.session.close();
  const sheet = { width: columns * TILE, height: Math.ceil(tiles.length / columns) * TILE };
  await sharp({ create: { ...sheet, channels: 3, background: '#334' } })
    .composite(tiles.map((input, i) => ({ input, left: (i % columns) * TILE, top: Math.floor(i / columns) * TILE })))
    .toFile(output);
  console.log(`${output}: ${tiles.length} pictures`);

  async function drawTile(file: string): Promise<Buffer> {
    const picture = await decodeImage(file);
    const { width, height, data } = picture;
    const scale = (TILE - 4) / Math.max(width, height);
    const shapes = (await findLines(picture, finder)).map(({ polygon, cut }, i) => {
      const points = polygon.map(([x, y]) => `${scale * x},${scale * y}`).join(' ');
      const [x, y] = polygon[0];
      const colour = cut ? 'red' : ['blue', 'green', 'darkorange'][i % 3];
      return `<polygon points="${points}" fill="${colour}" fill-opacity="0.2" stroke="${colour}"/><text x="${scale * x}" y="${scale * y}" font-size="10" fill="${colour}">${i + 1}</text>`;
    });
    const [wide, high] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
    const overlay = Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}">${shapes.join('')}</svg>`,
    );
    return await sharp(data, { raw: { width, height, channels: 1 } })
      .resize(wide, high, { fit: 'fill' })
      .toColourspace('srgb')
      .composite([{ input: overlay }])
      .png()
      .toBuffer();
  }
}

await runProgram(
  new Command('show-found-lines')
    .description(
      'draws the lines that the page model finds over pictures, on one contact sheet; red ones are cut by the rim',
    )
    .argument('<file...>', 'pictures, or folders of them')
    .option('--output <file>', 'the contact sheet', 'found-lines.png')
    .option('--columns <number>', 'tiles in a row', wholeNumber(1), 4)
    .option('--every <number>', 'draw only every n-th picture', wholeNumber(1), 1)
    .action(showFoundLines),
);
