import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { decodeImage } from '../images/decode-image.ts';
import { median } from '../images/median.ts';
import { Recognizer } from '../reading/recognizer.ts';
import { readPictures } from '../reading/read-pictures.ts';
import type { BenchmarkOptions, Figures } from './measure.ts';

/** A4 at 150 pixels an inch. */
const PAGE = { width: 1240, height: 1754 } as const;
const LINES = 30;
const samples = fileURLToPath(new URL('../../data/line-sample/', import.meta.url));

/**
 * Reading a page of 30 lines as `recognize` does, with the language model: in all, decoding, finding and cutting out the lines, and reading
 * them, in milliseconds; and the core-hours for a million such pages, with all threads counted.
 */
export async function benchPageReading({ threads, seconds }: BenchmarkOptions): Promise<Figures> {
  const page = await drawPage();
  const recognizer = await Recognizer.load({ threads, preload: true });
  const times: { readonly decode: number; readonly find: number; readonly read: number; readonly cpu: number }[] = [];
  let lines = 0;
  const step = async () => {
    const cpu = process.cpuUsage();
    const start = performance.now();
    const decoded = await decodeImage(page);
    const isDecoded = performance.now();
    const prepared = await recognizer.prepare(decoded);
    const isFound = performance.now();
    const [reading] = await readPictures([prepared]);
    lines = reading.lines.length;
    const { user, system } = process.cpuUsage(cpu);
    const read = performance.now() - isFound;
    return { decode: isDecoded - start, find: isFound - isDecoded, read, cpu: (user + system) / 1000 };
  };
  await step();
  for (const end = performance.now() + 1000 * seconds; performance.now() < end || times.length < 3;) {
    times.push(await step());
  }
  await recognizer.close();
  const pageMs = median(times.map(({ decode, find, read }) => decode + find + read));
  const cpuMs = median(times.map(({ cpu }) => cpu));
  return {
    lines,
    pageMs,
    decodeMs: median(times.map(({ decode }) => decode)),
    findMs: median(times.map(({ find }) => find)),
    readMs: median(times.map(({ read }) => read)),
    cpuMs,
    coreHoursPerMillionPages: cpuMs / 3.6,
  };
}

/** The sample lines, over and over, on one page, as a JPEG. */
async function drawPage(): Promise<Uint8Array> {
  const names = (await readdir(samples)).filter((name) => name.endsWith('.png')).toSorted();
  const step = Math.floor((PAGE.height - 60) / LINES);
  const rows = Array.from({ length: LINES }, async (_, i) => ({
    input: await sharp(`${samples}${names[i % names.length]}`)
      .resize(PAGE.width - 160, step - 8, { fit: 'inside' })
      .png()
      .toBuffer(),
    left: 80,
    top: 30 + i * step,
    blend: 'multiply' as const,
  }));
  const paper = sharp({ create: { ...PAGE, channels: 3, background: '#e9e5dc' } });
  return await paper
    .composite(await Promise.all(rows))
    .jpeg({ quality: 92 })
    .toBuffer();
}
