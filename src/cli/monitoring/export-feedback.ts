import { existsSync } from 'node:fs';
import { distance } from 'fastest-levenshtein';
import { linesFromImages } from '../../datasets/lines/memory-lines.ts';
import type { LineInfo } from '../../datasets/lines/line-dataset.ts';
import { writeLinePack } from '../../datasets/sources/line-pack.ts';
import { TextRecognizerError } from '../../errors.ts';
import { cutPolygon } from '../../images/cut-polygon.ts';
import { decodeImage } from '../../images/decode-image.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { lineStem } from '../../images/line-stem.ts';
import { FeedbackStore, type KeptCorrection } from '../../server/feedback/feedback-store.ts';

export interface ExportOptions {
  readonly folder: string;
  readonly key: Uint8Array;
  /** The line pack: `OUTPUT.bin.gz` and `OUTPUT.json.gz`. */
  readonly output: string;
  readonly licence: string;
}

/** What was exported, and how well it had been read. */
export interface ExportSummary {
  readonly lines: number;
  /** Pictures whose text has other lines than were found in them; a place is known of found lines only. */
  readonly leftOut: number;
  /** Of the exported lines, edits by characters of the true texts. */
  readonly errorRate: number;
  /** The share of lines that were misread, and the share that their confidences let expect. */
  readonly wrongLines: number;
  readonly expectedWrongLines: number;
}

const HEIGHT = 64;

/** Makes a line pack of kept corrections; throws FILE_NOT_FOUND, DATASET_INVALID where no line can be used, or FILE_CORRUPT for another key. */
export async function exportFeedback({ folder, key, output, licence }: ExportOptions): Promise<ExportSummary> {
  if (!existsSync(folder))
    throw new TextRecognizerError('FILE_NOT_FOUND', `${folder} does not exist; it is the folder of serve --feedback.`);
  const store = await FeedbackStore.open({ folder, key, days: Infinity });
  const [images, lines]: [GrayImage[], LineInfo[]] = [[], []];
  const sums = { edits: 0, characters: 0, wrong: 0, expected: 0 };
  let leftOut = 0;
  for (const id of [...store.files.keys()].sort()) {
    const correction = await store.read(id);
    const texts = textsOf(correction);
    if (texts === undefined) {
      leftOut++;
      continue;
    }
    const picture = await decodeImage(correction.picture, {
      maxSide: Math.max(correction.width, correction.height),
    });
    for (const [i, { text: read, confidence, polygon }] of correction.lines.entries()) {
      const text = texts[i];
      images.push(lineStem(cutPolygon(picture, polygon), { height: HEIGHT }));
      lines.push({ id: `${id}#${i}`, text, page: id });
      sums.edits += distance(read, text);
      sums.characters += [...text].length;
      sums.wrong += Number(read !== text);
      sums.expected += 1 - confidence;
    }
  }
  if (lines.length === 0) {
    throw new TextRecognizerError('DATASET_INVALID', `${folder} has no line of text that was corrected.`);
  }
  await writeLinePack(output, linesFromImages('feedback', images, lines, HEIGHT), licence);
  const { edits, characters, wrong, expected } = sums;
  return {
    lines: lines.length,
    leftOut,
    errorRate: edits / characters,
    wrongLines: wrong / lines.length,
    expectedWrongLines: expected / lines.length,
  };
}

/** The true text of each line that was found, if there are as many. */
function textsOf({ text, lines }: KeptCorrection): readonly string[] | undefined {
  const texts = text.split('\n').flatMap((line) => line.normalize('NFC').trim() || []);
  return texts.length > 0 && texts.length === lines.length ? texts : undefined;
}
