import type { z } from 'zod';
import type { CharacterReading, LineReading, Reading } from '../reading/reading.ts';
import type { predictionSchema } from '../server/http/schemas.ts';

type Prediction = z.infer<typeof predictionSchema>;

/** A reading as the library gives it, and where the service's time went, in milliseconds. */
export interface ServedReading extends Reading {
  readonly timing: Prediction['timing'];
  /** By which `correct` corrects it; only of services that take corrections. */
  readonly requestId?: string;
}

/** What the service answered, as the library's tree: its flat list of characters holds the spaces between words as well. */
export function toReading({ pred, conf, characters, lines, ...others }: Prediction): ServedReading {
  const { kind, alternatives, model, licence, width, height, resolution, page, pages, timing } = others;
  const { request_id: requestId } = others;
  const left = characters.map(({ text, confidence, alternatives, polygon }) => {
    return { text, confidence, alternatives, polygon };
  });
  return {
    kind,
    text: pred,
    confidence: conf,
    alternatives,
    lines: lines.map((line) => lineOf(line, left)),
    model,
    licence,
    width,
    height,
    ...(resolution !== undefined && { resolution }),
    ...(pages !== undefined && { page, pages }),
    timing,
    ...(requestId !== undefined && { requestId }),
  };
}

/** Takes a line's characters from the front of those that are left. */
function lineOf(line: Prediction['lines'][number], left: CharacterReading[]): LineReading {
  const characters: CharacterReading[] = [];
  for (let rest = line.text.length; rest > 0 && left.length > 0; rest -= characters.at(-1)!.text.length) {
    characters.push(left.shift()!);
  }
  const written = characters.filter(({ text }) => text !== ' ');
  const words = line.words.map((word) => {
    const own = written.splice(0, word.characters.length);
    return Object.assign({}, word, { characters: own });
  });
  return Object.assign({}, line, { words, characters });
}
