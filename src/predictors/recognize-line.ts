import type { GrayImage } from '../images/gray-image.ts';
import { locateLine, type LocatedLine } from '../images/line-stem.ts';
import type { LineModelManifest } from '../models/model-manifest.ts';
import { type LineRunner, type LineScores, scoreLine } from '../models/score-lines.ts';
import type { Alphabet } from '../text/alphabet.ts';
import { shareGaps, wordsOf } from '../text/ctc-reading.ts';
import { type DecodeOptions, decodeLine } from '../text/decode-line.ts';
import type { Recognition } from './recognition.ts';

/** A part of a line, from `left` to `right` in pixels of the image that was given. */
export interface ExtentReading {
  readonly text: string;
  /** In [0, 1]. */
  readonly confidence: number;
  readonly left: number;
  readonly right: number;
}

/** What was read in the image of a line. */
export interface LineRecognition extends Recognition {
  readonly characters: readonly ExtentReading[];
  readonly words: readonly ExtentReading[];
}

/** A line model that can run, here or in a browser. */
export interface RunnableLineModel {
  readonly manifest: LineModelManifest;
  readonly alphabet: Alphabet;
  readonly session: LineRunner;
}

/** Reads the line in an image: stem, network, decoder. */
export async function recognizeLine(
  image: GrayImage,
  { manifest, alphabet, session }: RunnableLineModel,
  decoding: DecodeOptions,
): Promise<LineRecognition> {
  const { stem, stride } = manifest;
  const located = locateLine(image, { height: stem.height });
  const scores = await scoreLine(session, located.line, { ...stem, stride });
  const place = { left: located.left, step: located.step, lineWidth: located.line.width, imageWidth: image.width };
  return decodeScores(scores, place, { stride, alphabet }, decoding);
}

/** Where a line that was laid out stands in its image. */
export interface LinePlace extends Pick<LocatedLine, 'left' | 'step'> {
  /** Of the line as the stem made it, in pixels. */
  readonly lineWidth: number;
  readonly imageWidth: number;
}

/** The text that a network's scores of one line say, with extents in pixels of the image. */
export function decodeScores(
  { logits, line }: LineScores,
  { left, step, lineWidth, imageWidth }: LinePlace,
  { stride, alphabet }: { readonly stride: number; readonly alphabet: Alphabet },
  decoding: DecodeOptions,
): LineRecognition {
  const { text, confidence, alternatives, ...reading } = decodeLine(logits, alphabet, decoding);
  const characters = shareGaps(reading.characters, line.steps);
  const places = wordsOf(characters);
  // A line that was squeezed to the network's greatest width has fewer columns than the stem made.
  const stepWidth = (step * stride * lineWidth) / line.width;
  const pixel = (time: number) => Math.min(imageWidth, Math.max(0, left + stepWidth * time));
  const place = (text: string, confidence: number, { start, end }: { start: number; end: number }) => ({
    text,
    confidence,
    left: pixel(start),
    right: pixel(end),
  });
  return {
    text,
    confidence,
    characters: characters.map((part) => place(part.character, part.confidence, part)),
    words: reading.words.map((word, i) => place(word.text, word.confidence, places[i])),
    alternatives,
  };
}
