import { type Affine, applyAffine, composeAffine, scaleAffine } from '../images/affine.ts';
import { type Box, cornersOf } from '../images/crop.ts';
import { findBaseline } from '../images/find-baseline.ts';
import type { GrayImage } from '../images/gray-image.ts';
import { locateLine } from '../images/line-stem.ts';
import { decodeOptions } from '../models/line-calibration.ts';
import { type LaidOutLine, layOutLine } from '../models/line-layout.ts';
import type { LineModelManifest } from '../models/model-manifest.ts';
import { scoreLaidOut } from '../models/score-lines.ts';
import type { GraphRunner } from '../runtime/tensor.ts';
import { Alphabet } from '../text/alphabet.ts';
import { shareGaps } from '../text/ctc-reading.ts';
import {
  type DecodeOptions,
  type LineDecoder,
  type LineDecoding,
  decodeLine,
  lineDecoders,
} from '../text/decode-line.ts';
import { applyRules, compileRules, decoderForRules } from '../text/constraints/text-rules.ts';
import type { LanguageModel } from '../text/language-model/language-model.ts';
import { defaultDecoder } from '../models/default-decoder.ts';
import { type Reader, requireDecoder } from './reader.ts';
import type { LineReading, Polygon } from './reading.ts';
import { RecentRules } from './recent-rules.ts';

/** A line that is ready for the network, and where it is in its picture. */
export interface PreparedLine {
  readonly line: LaidOutLine;
  /** Where in `line` the writing is. */
  readonly writing: Box;
  /** The row of `line` on which the letters stand. */
  readonly baseline: number;
  /** From pixels of `line` to those of the picture. */
  readonly toPicture: Affine;
  /** Size of the picture, in pixels. */
  readonly picture: { readonly width: number; readonly height: number };
}

/**
 * Reads one line in each picture; those of one padded width go through the network together. `languageModel` gives what the
 * decoder `lm` needs, where there is one.
 */
export function lineReader(
  manifest: LineModelManifest,
  session: GraphRunner,
  languageModel?: () => Promise<LanguageModel>,
): Reader<PreparedLine> {
  const alphabet = new Alphabet(manifest.alphabet);
  const decoders = decodersOf(manifest, languageModel !== undefined);
  const compiled = new RecentRules(async ({ decoder: wanted, alternatives, ...rules }) => {
    const decoder = requireDecoder(wanted ?? decoderForRules(rules, decoders), { manifest, decoders });
    const model = decoder === 'lm' ? await languageModel!() : undefined;
    const options = { ...decodeOptions(manifest, decoder, { alphabet }, model), alternatives };
    const own = await compileRules(rules, alphabet);
    return (): DecodeOptions => applyRules(options, own);
  });
  return {
    manifest,
    decoders,
    maxBatch: 8,
    check: async (options) => void (await compiled.of(options))(),
    prepare: (image) => prepareLine(image, manifest),
    async read(inputs) {
      const made = await Promise.all(inputs.map((input) => compiled.of(input)));
      const shared = new Map([...new Set(made)].map((make) => [make, make()]));
      const options = made.map((make) => shared.get(make)!);
      const lines = inputs.map(({ prepared }) => prepared.line);
      const { scores } = await scoreLaidOut(session, lines, manifest.stem.height);
      return inputs.map(({ prepared, observeLine }, i) => {
        const { logits } = scores[i];
        const reading = placeLine(decodeLine(logits, alphabet, options[i]), prepared, manifest.stride);
        const { decoder, languageModel } = options[i];
        observeLine?.({ ...observed(prepared, manifest), decoder: decoder!, languageModel, scores: logits, reading });
        return reading;
      });
    },
  };
}

/** All that can be had, the default first: `lm` where the model was fitted to a language model and there is one, otherwise `greedy`. */
function decodersOf(manifest: LineModelManifest, hasLanguageModel: boolean): LineDecoder[] {
  const first = defaultDecoder(manifest);
  const decoders = lineDecoders.filter((decoder) => decoder !== 'lm' || hasLanguageModel);
  return decoders.toSorted((a, b) => Number(b === first) - Number(a === first));
}

function observed({ line, toPicture }: PreparedLine, manifest: LineModelManifest) {
  const { data, width, paddedWidth } = line;
  return { manifest, line: { data, width, height: manifest.stem.height, stride: paddedWidth }, toPicture };
}

/** Finds the line in a picture and lays it out for the network: the stem. */
function prepareLine(image: GrayImage, { stem, stride }: LineModelManifest): PreparedLine {
  const { line, writing, toPicture } = locateLine(image, { height: stem.height });
  const laidOut = layOutLine(line, { ...stem, stride });
  // A line that was squeezed to the network's greatest width has fewer columns than the stem made.
  const squeeze = line.width / laidOut.width;
  return {
    line: laidOut,
    writing: { ...writing, left: writing.left / squeeze, right: writing.right / squeeze },
    baseline: findBaseline(line, writing),
    toPicture: composeAffine(toPicture, scaleAffine(squeeze, 1)),
    picture: { width: image.width, height: image.height },
  };
}

/** A decoded line with places in its picture instead of time steps. */
function placeLine(decoding: LineDecoding, prepared: PreparedLine, stride: number | undefined): LineReading {
  const { text, confidence, alternatives } = decoding;
  const { baseline, writing, toPicture } = prepared;
  const extents = extentsOf(decoding, prepared, stride);
  const characters = decoding.characters.map(({ character, confidence, alternatives }, i) => ({
    text: character,
    confidence,
    alternatives,
    polygon: polygonOf(inkIn(prepared, extents[i]), prepared),
  }));
  const words = decoding.words.map(({ text, confidence, alternatives, first, last }) => ({
    text,
    confidence,
    alternatives,
    polygon: polygonOf(inkIn(prepared, { start: extents[first].start, end: extents[last].end }), prepared),
    characters: characters.slice(first, last + 1),
  }));
  return {
    text,
    confidence,
    alternatives,
    polygon: polygonOf(writing, prepared),
    baseline: [writing.left, writing.right].map((x) => applyAffine(toPicture, [x, baseline])),
    words,
    characters,
  };
}

/** From where to where in a line, in pixels of it. */
interface Extent {
  readonly start: number;
  readonly end: number;
}

/** Where the characters of a line are; where time steps have no places, each is the whole line. */
function extentsOf(
  { characters }: LineDecoding,
  { line, writing: { left, right } }: PreparedLine,
  stride: number | undefined,
): readonly Extent[] {
  if (line.steps === undefined || stride === undefined) return characters.map(() => ({ start: left, end: right }));
  const pixel = (time: number) => Math.min(right, Math.max(left, stride * time));
  return shareGaps(characters, line.steps).map(({ start, end }) => ({ start: pixel(start), end: pixel(end) }));
}

/** Ink is brighter. */
const INK = 127;

/** The rows between which there is ink in a part of a line; those of the whole writing where there is none. */
function inkIn({ line, writing }: PreparedLine, { start, end }: Extent): Box {
  const [first, last] = [Math.floor(start), Math.min(line.width, Math.ceil(end))];
  const isInked = (y: number) =>
    line.data.subarray(y * line.paddedWidth + first, y * line.paddedWidth + last).some((value) => value > INK);
  let { top, bottom } = writing;
  while (top < bottom && !isInked(top)) top++;
  while (top < bottom && !isInked(bottom - 1)) bottom--;
  return top < bottom ? { left: start, top, right: end, bottom } : { ...writing, left: start, right: end };
}

/** The corners of a box of the line in the picture, not beyond its edges. */
function polygonOf(box: Box, { toPicture, picture }: PreparedLine): Polygon {
  return cornersOf(box).map((corner) => {
    const [x, y] = applyAffine(toPicture, corner);
    return [Math.min(picture.width, Math.max(0, x)), Math.min(picture.height, Math.max(0, y))];
  });
}
