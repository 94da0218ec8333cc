/**
 * Makes data/emnist-sample from the idx files of EMNIST ByClass:
 * node scripts/run.mjs scripts/make-emnist-sample.ts FOLDER/emnist-byclass
 * reads FOLDER/emnist-byclass-{train,test}-{images-idx3,labels-idx1}-ubyte.gz. The same files give the same sample.
 */
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { Dataset } from '../src/datasets/dataset.ts';
import { encodeIdxGzip } from '../src/datasets/sources/idx.ts';
import { loadIdxPair } from '../src/datasets/sources/load-idx-pair.ts';
import { sampleToBalance } from '../src/datasets/sample-to-balance.ts';
import { writeFileAtomic } from '../src/files/write-file-atomic.ts';
import { Random } from '../src/random/random.ts';

const FOLDER = fileURLToPath(new URL('../data/emnist-sample', import.meta.url));
const TRAIN_PER_CLASS = 120;
const TEST_PER_CLASS = 24;
const SEED = 1;

/** Characters of the single images: as the data set has them, as a scan, as a photograph. */
const SCANS = ['3', '8', 'E', 'h'];
const PHOTOGRAPHS = ['7', 'A', 'R', 'e', 'g'];
const PLAIN = ['2', 'B', 'n', 'd'];

async function main(prefix: string | undefined): Promise<void> {
  if (prefix === undefined) throw new Error('Which files? Give the prefix, e.g. FOLDER/emnist-byclass.');
  const options = { transpose: 'auto' } as const;
  const [train, test] = await Promise.all([
    loadIdxPair(`${prefix}-train`, options),
    loadIdxPair(`${prefix}-test`, options),
  ]);
  const testSample = sampleToBalance(test, { perClass: TEST_PER_CLASS, seed: SEED });
  await writePair('emnist-sample-train', sampleToBalance(train, { perClass: TRAIN_PER_CLASS, seed: SEED }));
  await writePair('emnist-sample-test', testSample);

  for (const label of PLAIN) await writeImage(label, await toPng(typicalImage(testSample, label)));
  for (const label of SCANS) await writeImage(label, await toScan(typicalImage(testSample, label)));
  for (const label of PHOTOGRAPHS) await writeImage(label, await toPhotograph(typicalImage(testSample, label), label));
}

async function writePair(name: string, dataset: Dataset): Promise<void> {
  const { length, height, width } = dataset;
  const images = readImages(
    dataset,
    Array.from({ length }, (_, item) => item),
  );
  await writeFileAtomic(join(FOLDER, `${name}-images-idx3-ubyte.gz`), encodeIdxGzip([length, height, width], images));
  await writeFileAtomic(join(FOLDER, `${name}-labels-idx1-ubyte.gz`), encodeIdxGzip([length], dataset.labels));
  console.log(`${name}: ${length} images`);
}

/** File systems that fold case cannot hold `A.png` beside `a.png`. */
function writeImage(label: string, png: Buffer): Promise<void> {
  const kind = /[0-9]/.test(label) ? 'digit' : /[A-Z]/.test(label) ? 'upper' : 'lower';
  return writeFileAtomic(join(FOLDER, 'images', `${kind}-${label}.png`), png);
}

interface Image {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/** The image of a class that is nearest to the mean of its class, so one that people can read. */
function typicalImage(dataset: Dataset, label: string): Image {
  const { height, width } = dataset;
  const size = height * width;
  const items = [...dataset.labels.keys()].filter((item) => dataset.classes[dataset.labels[item]] === label);
  const images = readImages(dataset, items);
  const mean = new Float64Array(size);
  images.forEach((value, at) => (mean[at % size] += value / items.length));
  const distances = items.map(() => 0);
  images.forEach((value, at) => (distances[Math.floor(at / size)] += (value - mean[at % size]) ** 2));
  const best = distances.indexOf(Math.min(...distances));
  return { data: images.slice(best * size, (best + 1) * size), height, width };
}

function readImages(dataset: Dataset, items: number[]): Uint8Array {
  const images = new Uint8Array(items.length * dataset.height * dataset.width);
  dataset.read(items, images);
  return images;
}

function toPng(image: Image): Promise<Buffer> {
  return fromImage(image).png({ compressionLevel: 9 }).toBuffer();
}

/** Five times as large, black ink on white. */
function toScan(image: Image): Promise<Buffer> {
  return fromImage(image)
    .resize(image.width * 5, image.height * 5, { kernel: 'lanczos3' })
    .negate()
    .png({ compressionLevel: 9 })
    .toBuffer();
}

/** What a camera makes of it: blue ink on yellowish paper, off centre, light from one side, a little noise. */
async function toPhotograph(image: Image, label: string): Promise<Buffer> {
  const size = 160;
  const random = Random.of(SEED, label.charCodeAt(0));
  const ink = await fromImage(image)
    .resize(112, 112, { kernel: 'cubic' })
    .extend({ top: 14, bottom: 34, left: 30, right: 18, background: 'black' })
    .greyscale()
    .raw()
    .toBuffer();
  const paper = [236, 228, 204];
  const pen = [38, 44, 92];
  const pixels = Buffer.alloc(size * size * 3);
  for (let at = 0; at < size * size; at++) {
    const light = 1 - 0.35 * ((at % size) / size) + random.normal() * 0.008;
    const cover = ink[at] / 255;
    for (let c = 0; c < 3; c++) {
      pixels[at * 3 + c] = Math.max(0, Math.min(255, light * (paper[c] + cover * (pen[c] - paper[c]))));
    }
  }
  const raw = { width: size, height: size, channels: 3 } as const;
  return sharp(pixels, { raw }).png({ compressionLevel: 9 }).toBuffer();
}

function fromImage({ data, height, width }: Image): Sharp {
  return sharp(data, { raw: { width, height, channels: 1 } });
}

await main(process.argv[2]);
