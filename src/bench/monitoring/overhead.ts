import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { GrayImage } from '../../images/gray-image.ts';
import { Random } from '../../random/random.ts';
import type { ObservedLine } from '../../reading/observed-line.ts';
import { readPictures } from '../../reading/read-pictures.ts';
import { Recognizer } from '../../reading/recognizer.ts';
import { DriftDetector } from '../../server/monitoring/drift-detector.ts';
import { makeReference } from '../../server/monitoring/make-reference.ts';
import type { Measurement } from '../../server/monitoring/measurement.ts';
import { ReadingMeter } from '../../server/monitoring/reading-meter.ts';
import { ReadingMetrics } from '../../server/monitoring/reading-metrics.ts';
import { referenceOf } from '../../server/monitoring/reference.ts';
import { simulateRequests } from './simulate-requests.ts';
import type { BenchmarkOptions, Figures } from '../measure.ts';
import { photographedLines } from '../serving/photographed-lines.ts';

const SIMULATED = 1_000_000;
const REPEATS = 200;

/**
 * What monitoring costs: the share of a line's prediction that measuring it takes on its thread, and counting and comparing it on the main
 * one; and the memory after a million requests. Times are of the processor, so that other programs disturb them less.
 */
export async function benchMonitoring({ seconds, threads }: BenchmarkOptions): Promise<Figures> {
  const recognizer = await Recognizer.load({ threads, preload: true });
  const images = await photographedLines();
  let [readMs, measureMs, watchMs, count] = [0, 0, 0, 0];
  const watch = watcher();
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end || count < 2 * images.length) {
    const image = images[count++ % images.length];
    const lines: ObservedLine[] = [];
    let picture: GrayImage | undefined;
    const [own, reading] = await timed(async () => {
      const observePicture = (decoded: GrayImage) => void (picture = decoded);
      const prepared = await recognizer.prepare(image, { observePicture, observeLine: (line) => lines.push(line) });
      return (await readPictures([prepared]))[0];
    });
    // The first of each are warming up.
    if (count <= images.length) continue;
    readMs += own;
    let measurement: Measurement | undefined;
    measureMs += repeated(() => {
      const meter = new ReadingMeter();
      meter.observePicture(picture!);
      for (const line of lines) meter.observeLine(line);
      measurement = meter.measurement(reading);
    });
    watchMs += repeated(() => watch(measurement!));
  }
  await recognizer.close();
  const predictions = count - images.length;
  return {
    predictionMs: readMs / predictions,
    measuringMs: measureMs / predictions,
    watchingMs: watchMs / predictions,
    measuringPercent: (100 * measureMs) / readMs,
    watchingPercent: (100 * watchMs) / readMs,
    ...memoryOfMillion(),
  };
}

/** Processor time of one run, in milliseconds. */
async function timed<Result>(run: () => Promise<Result>): Promise<[ms: number, result: Result]> {
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1000, result];
}

/** As in a service that has read for a while: compiled. */
function repeated(run: () => void): number {
  for (let i = 0; i < REPEATS; i++) run();
  const before = process.cpuUsage();
  for (let i = 0; i < REPEATS; i++) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / REPEATS;
}

/** Counts and compares, as a monitor does. */
function watcher(): (measurement: Measurement) => void {
  const metrics = new ReadingMetrics(() => 0);
  const detector = simulatedDetector();
  const timing = { queueMs: 1, decodeMs: 1, computeMs: 1, batchSize: 1 };
  return (measurement) => {
    metrics.read(measurement, timing);
    detector.add(measurement, 'request');
  };
}

function simulatedDetector(): DriftDetector {
  const data = makeReference(simulateRequests(500, 1), {
    modelSha256: '0'.repeat(64),
    description: 'simulated requests',
    samples: 100,
  });
  return new DriftDetector(referenceOf(data), { expectedRunTime: 250_000 });
}

/** How many MiB the heap grows from the hundred-thousandth simulated request to the millionth. */
function memoryOfMillion(): Figures {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const [watch, random, pool] = [watcher(), Random.of(1), simulateRequests(1000, 2)];
  const send = (requests: number): number => {
    for (let i = 0; i < requests; i++) watch(pool[random.below(pool.length)]);
    collect();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  const early = send(SIMULATED / 10);
  const late = send(SIMULATED - SIMULATED / 10);
  return { heapMiB: late, heapGrowthMiB: late - early };
}
