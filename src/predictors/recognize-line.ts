import type { GrayImage } from '../images/gray-image.ts';
import { locateLine } from '../images/line-stem.ts';
import { type LaidOutLine, layOutLine } from '../models/line-layout.ts';
import type { LineModelManifest } from '../models/model-manifest.ts';
import { type LineScores, scoreLaidOut } from '../models/score-lines.ts';
import type { GraphRunner } from '../runtime/tensor.ts';
import type { Alphabet } from '../text/alphabet.ts';
import { shareGaps, wordsOf } from '../text/ctc-reading.ts';
import { type DecodedCharacter, type DecodeOptions, decodeLine } from '../text/decode-line.ts';
import type { Alternative } from '../text/alternative.ts';
import type { Recognition } from './recognition.ts';

/**
 * A part of a line, from `left` to `right` in pixels of the image that was given: the whole line where the network reads by
 * position of the text and does not know the place.
 */
export interface ExtentReading {
  readonly text: string;
  /** In [0, 1]. */
  readonly confidence: number;
  readonly left: number;
  readonly right: number;
}

/** A character of a line, with what it may be instead, best first. */
export interface CharacterExtent extends ExtentReading {
  readonly alternatives: readonly Alternative[];
}

/** What was read in the image of a line. */
export interface LineRecognition extends Recognition {
  readonly characters: readonly CharacterExtent[];
  readonly words: readonly ExtentReading[];
}

/** A line model that can run, here or in a browser. */
export interface RunnableLineModel {
  readonly manifest: LineModelManifest;
  readonly alphabet: Alphabet;
  readonly session: GraphRunner;
}

/** A line that is ready for the network, and where it stands in its image. */
export interface PreparedLine {
  readonly line: LaidOutLine;
  /** Column x of the line begins at `left + x · step` in pixels of the image. */
  readonly left: number;
  readonly step: number;
  readonly imageWidth: number;
}

/** Finds the line in an image and lays it out for the network: the stem. */
export function prepareLine(image: GrayImage, { stem, stride }: LineModelManifest): PreparedLine {
  const { line, left, step } = locateLine(image, { height: stem.height });
  const laidOut = layOutLine(line, { ...stem, stride });
  // A line that was squeezed to the network's greatest width has fewer columns than the stem made.
  return { line: laidOut, left, step: (step * line.width) / laidOut.width, imageWidth: image.width };
}

/** Reads lines that are prepared, each with a decoding of its own; those of one padded width go through the network together. */
export async function recognizePrepared(
  lines: readonly { readonly prepared: PreparedLine; readonly decoding: DecodeOptions }[],
  model: RunnableLineModel,
): Promise<LineRecognition[]> {
  const laidOut = lines.map(({ prepared }) => prepared.line);
  const { scores } = await scoreLaidOut(model.session, laidOut, model.manifest.stem.height);
  return lines.map(({ prepared, decoding }, i) => decodeScores(scores[i], prepared, model, decoding));
}

/** Reads the line in an image: stem, network, decoder. */
export async function recognizeLine(
  image: GrayImage,
  model: RunnableLineModel,
  decoding: DecodeOptions,
): Promise<LineRecognition> {
  const [recognition] = await recognizePrepared([{ prepared: prepareLine(image, model.manifest), decoding }], model);
  return recognition;
}

/** The text that a network's scores of one line say, with extents in pixels of the image. */
function decodeScores(
  { logits, line }: LineScores,
  { left, step, imageWidth }: PreparedLine,
  { manifest, alphabet }: RunnableLineModel,
  decoding: DecodeOptions,
): LineRecognition {
  const { text, confidence, alternatives, ...reading } = decodeLine(logits, alphabet, decoding);
  // Where time steps have no places, the whole line is one step, and everything on it stands there.
  const { steps = 1, width } = line;
  const { stride = width } = manifest;
  const characters =
    line.steps === undefined
      ? reading.characters.map((part) => ({ ...part, start: 0, end: 1 }))
      : shareGaps(reading.characters, steps);
  const places = wordsOf(characters);
  const pixel = (time: number) => Math.min(imageWidth, Math.max(0, left + step * stride * time));
  const place = (text: string, confidence: number, { start, end }: { start: number; end: number }) => ({
    text,
    confidence,
    left: pixel(start),
    right: pixel(end),
  });
  const placed = (part: DecodedCharacter): CharacterExtent => ({
    ...place(part.character, part.confidence, part),
    alternatives: part.alternatives,
  });
  return {
    text,
    confidence,
    characters: characters.map(placed),
    words: reading.words.map((word, i) => place(word.text, word.confidence, places[i])),
    alternatives,
  };
}
