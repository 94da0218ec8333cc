import type { LineDataset } from '../../../datasets/lines/line-dataset.ts';
import { linesFromImages } from '../../../datasets/lines/memory-lines.ts';
import type { LineDecoding } from '../../../text/decode-line.ts';

/** The mean calibrated confidence that the words of a line must have to be learned from. */
const leastConfidence = 0.6;
/** Shorter readings are right by chance too often. */
const leastCharacters = 8;

/**
 * The lines that a reader is sure of, with what it read as their texts (pseudo-labels, Lee 2013): what the language model put right is what
 * the network can learn from them.
 */
export function sureLines(dataset: LineDataset, decodings: readonly LineDecoding[]): LineDataset {
  const chosen = decodings.flatMap((decoding, i) => (isSure(decoding) ? [i] : []));
  const images = chosen.map((i) => dataset.image(i));
  const lines = chosen.map((i) => {
    const { id, writer, page } = dataset.lines[i];
    return { id, writer, page, text: decodings[i].text };
  });
  return { ...linesFromImages(dataset.name, images, lines, dataset.height), licence: dataset.licence };
}

function isSure({ text, words }: LineDecoding): boolean {
  const mean = words.reduce((sum, { confidence }) => sum + confidence, 0) / Math.max(1, words.length);
  return text.length >= leastCharacters && mean >= leastConfidence;
}
