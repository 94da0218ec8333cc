import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { characterStem } from '../../images/character-stem.ts';
import { decodeImage } from '../../images/decode-image.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { lineStem } from '../../images/line-stem.ts';
import { terminalImage } from '../../images/terminal-image.ts';
import { defaultModels, freeModels } from '../../models/default-models.ts';
import { CharacterPredictor } from '../../reading/character-predictor.ts';
import { LinePredictor } from '../../reading/line-predictor.ts';
import { buildPage } from '../build-page.ts';
import { addServeOptions, serveSettings } from '../serve-options.ts';
import { sampleLabel } from '../sample-label.ts';
import { percent } from '../../report/percent.ts';
import { serveUntilStopped } from './serve.ts';

/** The images that come with the package. */
export const sampleFolder = fileURLToPath(new URL('../../../data/emnist-sample/images/', import.meta.url));

const lineFolder = fileURLToPath(new URL('../../../data/line-sample/', import.meta.url));

const columns = 28;
const perRow = 3;
/** Lines are shown as wide as the characters' rows; longer ones would be too low to make out. */
const lineColumns = 90;
const longestLine = 8;

/** What is on the screen is for the user. */
const defaults = { logLevel: 'warn' } as const;

interface StartOptions extends Readonly<Record<string, unknown>> {
  readonly samplesOnly?: boolean;
  /** False with `--no-build`. */
  readonly build: boolean;
}

/** `start`: reads the bundled samples, shows the images beside what was read, and serves the page and the API. */
export function startCommand(): Command {
  const command = new Command('start')
    .description('read the bundled samples, then serve the page and the API')
    .option('--samples-only', 'exit after the samples')
    .option('--no-build', 'do not build the page, even if it is missing or out of date');
  return addServeOptions(command, defaults).action(runStart);
}

async function runStart({ samplesOnly, build, ...flags }: StartOptions): Promise<void> {
  const settings = serveSettings(flags, defaults);
  const models = settings.licence === 'free' ? freeModels : defaultModels;
  await showCharacters(models.character);
  await showLines(models.line);
  console.log(`Read your own photograph or scan:
  npm run -s cli -- recognize FILE
All commands:
  npm run -s cli -- --help
`);
  if (samplesOnly) return;
  if (build) {
    await buildPage();
    if (settings.monitoring) await buildPage('monitor');
  }
  await serveUntilStopped(settings);
}

async function showCharacters(model: string): Promise<void> {
  const predictor = await CharacterPredictor.load({ model });
  const names = (await readdir(sampleFolder)).filter((name) => name.endsWith('.png')).toSorted();
  const panels: string[][] = [];
  for (const name of names) panels.push(await readSample(predictor, name));
  await predictor.close();
  for (let i = 0; i < panels.length; i += perRow) console.log(`${besideEachOther(panels.slice(i, i + perRow))}\n`);
  console.log(`These are ${names.length} characters of people who wrote them on paper, read by the model '${predictor.manifest.name}'.
`);
}

async function showLines(model: string): Promise<void> {
  const predictor = await LinePredictor.load({ model });
  for (const name of (await readdir(lineFolder)).filter((file) => file.endsWith('.png')).toSorted()) {
    const image = await decodeImage(join(lineFolder, name));
    const { text } = await predictor.predictGray(image);
    if (image.width <= longestLine * image.height) console.log(picture(lineStem(image), lineColumns).join('\n'));
    console.log(`${name}: ${text}`);
  }
  await predictor.close();
  console.log(`\nThe lines were read by the model '${predictor.manifest.name}' with a language model.\n`);
}

async function readSample(predictor: CharacterPredictor, name: string): Promise<string[]> {
  const image = await decodeImage(join(sampleFolder, name));
  const { text, confidence } = await predictor.predictGray(image);
  const label = sampleLabel(name);
  const verdict = text === label ? `read ${text}` : `read ${text}, is ${label}`;
  return [...picture(characterStem(image), columns), `${verdict} (${percent(confidence)})`.padEnd(columns)];
}

function picture(image: GrayImage, width: number): string[] {
  return terminalImage(image, { columns: width, color: process.stdout.hasColors?.(2 ** 24) ?? false });
}

/** Panels of equal height in one row. */
function besideEachOther(panels: readonly (readonly string[])[]): string {
  return panels[0].map((_, line) => panels.map((panel) => panel[line]).join('   ')).join('\n');
}
