import type { LineDataset } from '../../../datasets/lines/line-dataset.ts';
import type { AdapterComparison } from '../../../models/adapter.ts';
import { type AdaptableModel, adaptedGraph } from '../../../models/apply-adapter.ts';
import { decodeOptions } from '../../../models/line-calibration.ts';
import { scoreLines } from '../../../models/score-lines.ts';
import type { WeightDifferences } from '../../../networks/weight-differences.ts';
import { Session } from '../../../runtime/session.ts';
import { Alphabet } from '../../../text/alphabet.ts';
import { decodeLine, type DecodeOptions, type LineDecoding } from '../../../text/decode-line.ts';
import { characterErrorRate, type ErrorRate } from '../../../text/error-rates.ts';
import type { LanguageModel } from '../../../text/language-model/language-model.ts';
import { evaluateLines, type LineReader } from '../evaluate-lines.ts';

export interface JudgeOptions {
  /** With it, lines are read by the decoder `lm`, otherwise greedily. */
  readonly languageModel?: LanguageModel;
  /** Of one operator; default one per core. */
  readonly threads?: number;
}

/** Compares what is read with and without differences to a model's weights. */
export class Judge {
  readonly alphabet: Alphabet;
  readonly #model: AdaptableModel;
  readonly #base: LineReader;
  readonly #options: JudgeOptions;
  readonly #decoding: DecodeOptions;
  readonly #before = new Map<LineDataset, ErrorRate>();

  private constructor(model: AdaptableModel, base: LineReader, options: JudgeOptions) {
    const { manifest } = model;
    const { languageModel } = options;
    this.alphabet = base.alphabet;
    this.#model = model;
    this.#base = base;
    this.#options = options;
    this.#decoding = decodeOptions(manifest, languageModel ? 'lm' : 'greedy', base, languageModel);
  }

  /** Opens the model as it is. */
  static async open(model: AdaptableModel, options: JudgeOptions): Promise<Judge> {
    const { stem, stride, alphabet } = model.manifest;
    const session = await Session.load(model.onnx, options);
    return new Judge(model, { session, alphabet: new Alphabet(alphabet), layout: { ...stem, stride } }, options);
  }

  /** The errors on each data set. */
  async compare(differences: WeightDifferences, datasets: readonly LineDataset[]): Promise<AdapterComparison[]> {
    const session = await Session.load(adaptedGraph(this.#model, differences), this.#options);
    try {
      const comparisons: AdapterComparison[] = [];
      for (const dataset of datasets) {
        const before = this.#before.get(dataset) ?? (await this.#errors(this.#base, dataset));
        this.#before.set(dataset, before);
        const after = await this.#errors({ ...this.#base, session }, dataset);
        const { length: lines } = dataset;
        comparisons.push({ lines, characters: after.length, before: before.edits, after: after.edits });
      }
      return comparisons;
    } finally {
      await session.close();
    }
  }

  /** Reads lines with the model as it is, with the language model if there is one. */
  async read(dataset: LineDataset): Promise<readonly LineDecoding[]> {
    const [decodings] = await decodeLines(this.#base, dataset, [this.#decoding]);
    return decodings;
  }

  /** The characters that are read otherwise without the language model than with it, before and after; no texts are needed. */
  async compareDoubts(differences: WeightDifferences, dataset: LineDataset): Promise<AdapterComparison> {
    const session = await Session.load(adaptedGraph(this.#model, differences), this.#options);
    try {
      const before = await this.#doubts(this.#base, dataset);
      const after = await this.#doubts({ ...this.#base, session }, dataset);
      return { lines: dataset.length, characters: before.length, before: before.edits, after: after.edits };
    } finally {
      await session.close();
    }
  }

  async close(): Promise<void> {
    await this.#base.session.close();
  }

  async #doubts(reader: LineReader, dataset: LineDataset): Promise<ErrorRate> {
    const [greedy, sure] = await decodeLines(reader, dataset, [{ decoder: 'greedy' }, this.#decoding]);
    return characterErrorRate(sure.map(({ text }, i) => ({ reference: text, hypothesis: greedy[i].text })));
  }

  async #errors(reader: LineReader, dataset: LineDataset): Promise<ErrorRate> {
    return (await evaluateLines(reader, dataset, this.#decoding)).cer;
  }
}

/** What is read with each of the options: `[options][lines]`. The texts of the lines are not looked at. */
async function decodeLines(
  { session, alphabet, layout }: LineReader,
  dataset: LineDataset,
  options: readonly DecodeOptions[],
): Promise<readonly (readonly LineDecoding[])[]> {
  const { scores } = await scoreLines(session, dataset, layout);
  return options.map((decoding) => scores.map(({ logits }) => decodeLine(logits, alphabet, decoding)));
}

/** All lines taken together. */
export function totalOf(comparisons: readonly AdapterComparison[]): AdapterComparison {
  return comparisons.reduce((sum, part) => ({
    lines: sum.lines + part.lines,
    characters: sum.characters + part.characters,
    before: sum.before + part.before,
    after: sum.after + part.after,
  }));
}
