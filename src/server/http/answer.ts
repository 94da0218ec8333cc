import type { z } from 'zod';
import { extentOf } from '../../reading/flat-reading.ts';
import type { CharacterReading, LineReading, Polygon, WordReading } from '../../reading/reading.ts';
import type { TimedReading } from '../reading-service.ts';
import type { predictionSchema } from './schemas.ts';

/**
 * A reading as HTTP answers it: the contract of the FSDL Text Recognizer, `pred` and `conf`; all characters and words in a row, with
 * shares of the width; and the tree. `started` is when the request arrived, by `performance.now()`.
 */
export function toAnswer({ reading, timing }: TimedReading, started: number): z.input<typeof predictionSchema> {
  const { text, confidence, kind, model, licence, width, height, resolution, page, pages, lines } = reading;
  const share = (polygon: Polygon) => {
    const { left, right } = extentOf(polygon);
    return { start: left / width, end: right / width };
  };
  return {
    pred: text,
    conf: confidence,
    model,
    licence,
    kind,
    characters: lines.flatMap(({ characters }) =>
      characters.map((each) => Object.assign(characterOf(each), share(each.polygon))),
    ),
    words: lines.flatMap(({ words }) =>
      words.map(({ text, confidence, polygon }) => Object.assign({ text, confidence }, share(polygon))),
    ),
    alternatives: [...reading.alternatives],
    lines: lines.map(lineOf),
    width,
    height,
    ...(resolution !== undefined && { resolution }),
    ...(pages !== undefined && { page, pages }),
    timing: {
      queue: tenths(timing.queueMs),
      decode: tenths(timing.decodeMs),
      compute: tenths(timing.computeMs),
      total: tenths(performance.now() - started),
      batch: timing.batchSize,
    },
  };
}

function lineOf({ text, confidence, alternatives, polygon, baseline, words, cut }: LineReading) {
  return {
    text,
    confidence,
    alternatives: [...alternatives],
    polygon: pointsOf(polygon),
    baseline: pointsOf(baseline),
    words: words.map(wordOf),
    ...(cut && { cut }),
  };
}

function wordOf({ text, confidence, alternatives, polygon, characters }: WordReading) {
  return {
    text,
    confidence,
    alternatives: [...alternatives],
    polygon: pointsOf(polygon),
    characters: characters.map(characterOf),
  };
}

function characterOf({ text, confidence, alternatives, polygon }: CharacterReading) {
  return { text, confidence, alternatives: [...alternatives], polygon: pointsOf(polygon) };
}

/** The schema's types are not read-only. */
function pointsOf(points: Polygon): [number, number][] {
  return points.map(([x, y]) => [x, y]);
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10;
