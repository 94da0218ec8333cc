import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { characterStem } from '../../images/character-stem.ts';
import { decodeImage } from '../../images/decode-image.ts';
import { terminalImage } from '../../images/terminal-image.ts';
import { CharacterPredictor } from '../../predictors/character-predictor.ts';
import { sampleLabel } from '../sample-label.ts';
import { percent } from '../percent.ts';

/** The images that come with the package. */
export const sampleFolder = fileURLToPath(new URL('../../../data/emnist-sample/images/', import.meta.url));

const columns = 28;
const perRow = 3;

/** `start`: reads the bundled samples and shows the images beside what was read. */
export function startCommand(): Command {
  return new Command('start').description('read the bundled samples and show them').action(runStart);
}

async function runStart(): Promise<void> {
  const predictor = await CharacterPredictor.load();
  const names = (await readdir(sampleFolder)).filter((name) => name.endsWith('.png')).toSorted();
  const panels: string[][] = [];
  for (const name of names) panels.push(await readSample(predictor, name));
  await predictor.close();
  for (let i = 0; i < panels.length; i += perRow) console.log(`${besideEachOther(panels.slice(i, i + perRow))}\n`);
  console.log(`These are ${names.length} characters of people who wrote them on paper, read by the model '${predictor.manifest.name}'.
Read one of your own, a photograph or a scan:
  npm run -s cli -- recognize FILE
A page to draw on and photograph with, and a REST API:
  npm run -s serve
What else there is:
  npm run -s cli -- --help`);
}

async function readSample(predictor: CharacterPredictor, name: string): Promise<string[]> {
  const image = await decodeImage(join(sampleFolder, name));
  const { text, confidence } = await predictor.predictGray(image);
  const label = sampleLabel(name);
  const verdict = text === label ? `read ${text}` : `read ${text}, is ${label}`;
  const picture = terminalImage(characterStem(image), { columns, color: process.stdout.hasColors?.(2 ** 24) ?? false });
  return [...picture, `${verdict} (${percent(confidence)})`.padEnd(columns)];
}

/** Panels of equal height in one row. */
function besideEachOther(panels: readonly (readonly string[])[]): string {
  return panels[0].map((_, line) => panels.map((panel) => panel[line]).join('   ')).join('\n');
}
