import { type PageFile, listPages, readWrittenPage } from '../../datasets/sources/pages/page-set.ts';
import { TextRecognizerError } from '../../errors.ts';
import type { ModelManifest } from '../../models/model-manifest.ts';
import { LinePredictor } from '../../reading/line-predictor.ts';
import { findLines, type PageFinder } from '../../reading/find-lines.ts';
import { preparePicture } from '../../reading/prepare-picture.ts';
import { readPictures } from '../../reading/read-pictures.ts';
import { percent } from '../../report/percent.ts';
import type { Session } from '../../runtime/session.ts';
import { Alphabet } from '../../text/alphabet.ts';
import type { LineDecoder } from '../../text/decode-line.ts';
import { characterErrorRate, type LineReading } from '../../text/error-rates.ts';
import { referenceText } from '../line/evaluate-lines.ts';
import type { EvaluateModelOptions, ItemErrors, ModelEvaluation } from '../task.ts';
import { byCollection } from './evaluate-pages.ts';
import { findingRates, matchLines, type LineMatches } from './match-lines.ts';

/** What is found and read on some pages. */
interface PageReadings {
  readonly matches: LineMatches[];
  /** All lines of a page in reading order, one after the other, without those that are neither right nor wrong. */
  readonly pages: LineReading[];
  /** The lines that were found where there are some. */
  readonly lines: LineReading[];
}

/** Finds the lines of a folder of pages with a saved model, reads them with the bundled line model, and compares both with the truth. */
export async function evaluatePageModel(
  manifest: ModelManifest,
  session: Session,
  { data, decoder, languageModel }: EvaluateModelOptions,
): Promise<ModelEvaluation> {
  if (manifest.kind !== 'page') throw new TextRecognizerError('MODEL_INVALID', `${manifest.name} finds no lines.`);
  const predictor = await LinePredictor.load({ languageModel });
  try {
    const rows: [string, string][] = [];
    const collections: Record<string, Record<string, number>> = {};
    const items: ItemErrors[] = [];
    for (const [collection, files] of byCollection(await listPages(data))) {
      const readings = await readAll(files, { manifest, session }, predictor, decoder);
      const figures = figuresOf(readings);
      collections[collection] = figures;
      items.push(...readings.matches.map(itemErrors));
      const [f1, page, line] = [figures.f1, figures.pageCer, figures.lineCer].map((value) => percent(value, 1));
      rows.push([collection, `F1 ${f1}, CER of pages ${page}, of matched lines ${line}`]);
    }
    const lineModel = predictor.manifest.name;
    return {
      title: `${manifest.name} on ${data}, read with ${lineModel}`,
      json: { model: manifest.name, lineModel, data, decoder: decoder ?? predictor.reader.decoders[0], collections },
      rows,
      items,
    };
  } finally {
    await predictor.close();
  }
}

/** Of a page: misses and false finds over all lines on both sides, which is 1 − F1. */
function itemErrors({ pairs, found, wanted }: LineMatches): ItemErrors {
  return { errors: found + wanted - 2 * pairs.length, length: found + wanted };
}

async function readAll(
  files: readonly PageFile[],
  finder: PageFinder,
  { reader, manifest }: LinePredictor,
  decoder: LineDecoder | undefined,
): Promise<PageReadings> {
  const alphabet = new Alphabet(manifest.alphabet);
  const readings: PageReadings = { matches: [], pages: [], lines: [] };
  for (const file of files) {
    const { image, transcript } = await readWrittenPage(file);
    const found = await findLines(image, finder);
    const cutouts = found.map(({ cutout }) => cutout);
    const prepared = await preparePicture(image, 'lines', reader, { decoder, findLines: () => cutouts });
    const [{ lines }] = await readPictures([prepared]);
    const wanted = transcript.lines.map(({ polygon }) => polygon);
    const matches = matchLines(
      found.map(({ polygon }) => polygon),
      wanted,
      transcript.omitted?.map(({ polygon }) => polygon),
    );
    const texts = transcript.lines.map(({ text }) => referenceText(text, alphabet));
    readings.matches.push(matches);
    const counted = lines.filter((_, i) => !matches.ignored.includes(i)).map(({ text }) => text);
    readings.pages.push({ reference: texts.join('\n'), hypothesis: counted.join('\n') });
    for (const { found, wanted } of matches.pairs) {
      readings.lines.push({ reference: texts[wanted], hypothesis: lines[found].text });
    }
  }
  return readings;
}

function figuresOf({ matches, pages, lines }: PageReadings) {
  const pageCer = characterErrorRate(pages).rate;
  const lineCer = lines.length === 0 ? 1 : characterErrorRate(lines).rate;
  return {
    pages: pages.length,
    lines: matches.reduce((sum, { wanted }) => sum + wanted, 0),
    ...findingRates(matches),
    pageCer,
    lineCer,
  };
}
