import { TextRecognizerError } from '../../errors.ts';
import type { AugmentLineOptions } from '../../images/augment-line.ts';
import { Random } from '../../random/random.ts';
import {
  type FullLineBatchShape,
  type LineGroup,
  type LineBatchShape,
  fullLineBatchShape,
  groupByWidth,
  linesPerBatch,
} from './line-batch-plan.ts';
import { type BatchShare, itemsOfShare } from './batch-share.ts';
import { ctcSteps, type LabelledLines, leftOutNotice } from './labelled-lines.ts';

/** Lines to sample from, and how often relative to the others. */
export interface WeightedLines {
  readonly lines: LabelledLines;
  /** Share of the lines of a batch, relative to the other sets' weights. */
  readonly weight: number;
  /** How lines of this set are changed at random, false for not at all; default what the sampler's options say. */
  readonly augment?: AugmentLineOptions | false;
}

/** How lines are sampled. */
export interface LineSamplerOptions {
  readonly seed: number;
  readonly shape: LineBatchShape;
  /** Each line is made wider or narrower by a factor drawn from this range. Default [1, 1]. */
  readonly stretch?: readonly [number, number];
  /** How lines are changed at random, besides the stretch. Default not at all. */
  readonly augment?: AugmentLineOptions | false;
  /** Lines that are drawn together and then grouped by width; more lines mean less padding. Default 2048. */
  readonly chunkLines?: number;
  /** Plans only this part of each batch, as wide as the whole one; default all of it. */
  readonly share?: BatchShare;
}

/** One line of a batch. */
export interface PlannedLine {
  /** Which of the weighted sets, and which line of its `indices`. */
  readonly set: number;
  readonly place: number;
  /** How many lines had been drawn from that set before: with the set it names the line's stream of chances. */
  readonly draw: number;
  /** Factor on the width. */
  readonly stretch: number;
}

/** What a batch is to hold. */
export interface LineBatchPlan {
  /** Width in pixels of the batch. */
  readonly width: number;
  readonly lines: readonly PlannedLine[];
}

/**
 * Plans training batches from several sets of lines. The batch of a step is a pure function of (sets, options, step): steps can be
 * planned in any order, on any thread, and a run resumed at any step.
 *
 * Each set is walked through in a new random order per epoch, and shares are exact over any stretch of steps. Lines are drawn in
 * chunks, grouped by width, and the groups shuffled. As the number of groups varies a little and the number of batches per chunk
 * must not, one or two groups in a hundred are left out of a chunk or come twice.
 */
export class LineSampler {
  readonly shape: FullLineBatchShape;
  readonly augment: AugmentLineOptions | false;
  /** Batches made from each chunk of `chunkLines` lines. */
  readonly batchesPerChunk: number;

  readonly #sets: readonly WeightedLines[];
  readonly #seed: number;
  readonly #stretch: readonly [number, number];
  readonly #chunkLines: number;
  readonly #share: BatchShare | undefined;
  readonly #shares: readonly number[];
  readonly #orders: { epoch: number; order: Uint32Array }[];
  #chunk = -1;
  #batches: readonly LineBatchPlan[] = [];

  constructor(sets: readonly WeightedLines[], options: LineSamplerOptions) {
    const { seed, shape, stretch = [1, 1], augment = false, chunkLines = 2048, share } = options;
    this.shape = fullLineBatchShape(shape);
    this.augment = augment;
    checkSets(sets, stretch, chunkLines);
    this.#sets = sets;
    this.#seed = seed;
    this.#stretch = stretch;
    this.#chunkLines = chunkLines;
    this.#share = share;
    const total = sets.reduce((sum, { weight }) => sum + weight, 0);
    this.#shares = sets.map(({ weight }) => weight / total);
    this.#orders = sets.map(() => ({ epoch: -1, order: new Uint32Array(0) }));
    this.batchesPerChunk = this.#groups(0).length;
  }

  /** What the batch of `step` (from 0) holds. */
  plan(step: number): LineBatchPlan {
    if (!Number.isInteger(step) || step < 0) {
      throw new TextRecognizerError('INVALID_ARGUMENT', `Steps are whole numbers from 0, not ${step}.`);
    }
    const chunk = Math.floor(step / this.batchesPerChunk);
    if (chunk !== this.#chunk) {
      this.#batches = Random.of(this.#seed, SHUFFLE, chunk).shuffle(this.#groups(chunk));
      this.#chunk = chunk;
    }
    const { width, lines } = this.#batches[(step % this.batchesPerChunk) % this.#batches.length];
    const { first, items } = itemsOfShare(lines.length, this.#share);
    return { width, lines: lines.slice(first, first + items) };
  }

  /** The stream of chances that belongs to one planned line. */
  chances({ set, draw }: PlannedLine): Random {
    return Random.of(this.#seed, LINE, set, draw);
  }

  /** The classes of a planned line's text. */
  classes({ set, place }: PlannedLine): Uint16Array {
    const { classes, starts } = this.#sets[set].lines;
    return classes.subarray(starts[place], starts[place + 1]);
  }

  #groups(chunk: number): LineBatchPlan[] {
    const random = Random.of(this.#seed, TRIM, chunk);
    let lines = this.#draw(chunk);
    let groups = groupByWidth(this.#widths(lines), this.shape);
    // The lines that fill no batch would always be the narrowest: leave out as many by chance until all batches are full.
    for (let missing = this.#unfilled(groups); missing > 0 && groups.length > 1; missing = this.#unfilled(groups)) {
      lines = random.shuffle(lines).slice(missing);
      groups = groupByWidth(this.#widths(lines), this.shape);
    }
    return groups.map(({ width, members }) => {
      const size = linesPerBatch(width, this.shape);
      const places = Array.from({ length: size }, (_, i) => members[i % members.length]);
      return { width, lines: places.map((place) => lines[place]) };
    });
  }

  /** How many lines are in the last group, if it is not full. */
  #unfilled(groups: readonly LineGroup[]): number {
    const { width, members } = groups[groups.length - 1];
    return members.length < linesPerBatch(width, this.shape) ? members.length : 0;
  }

  /** The lines of one chunk: of each set those whose turn comes within it. */
  #draw(chunk: number): PlannedLine[] {
    return this.#sets.flatMap(({ lines }, set) => {
      const until = (chunks: number) => Math.floor(chunks * this.#chunkLines * this.#shares[set] + 0.5);
      const [first, end] = [until(chunk), until(chunk + 1)];
      return Array.from({ length: end - first }, (_, i): PlannedLine => {
        const draw = first + i;
        const place = this.#order(set, Math.floor(draw / lines.indices.length))[draw % lines.indices.length];
        return { set, place, draw, stretch: Random.of(this.#seed, STRETCH, set, draw).between(...this.#stretch) };
      });
    });
  }

  /** The order in which an epoch walks through a set. */
  #order(set: number, epoch: number): Uint32Array {
    const known = this.#orders[set];
    if (known.epoch === epoch) return known.order;
    const places = Uint32Array.from(this.#sets[set].lines.indices, (_, place) => place);
    const order = Random.of(this.#seed, ORDER, set, epoch).shuffle(places);
    this.#orders[set] = { epoch, order };
    return order;
  }

  /** Columns that each line takes: its width after stretching, and at least what CTC needs for its text. */
  #widths(lines: readonly PlannedLine[]): number[] {
    return lines.map((line) => {
      const { dataset, indices } = this.#sets[line.set].lines;
      const drawn = Math.ceil(dataset.width(indices[line.place], this.chances(line)) * line.stretch);
      return Math.max(drawn, this.shape.stride * ctcSteps(this.classes(line)));
    });
  }
}

// Streams of chances under one seed, so that no two decisions share their numbers.
const SHUFFLE = 1;
const TRIM = 2;
const STRETCH = 3;
const ORDER = 4;
const LINE = 5;

function checkSets(sets: readonly WeightedLines[], [low, high]: readonly [number, number], chunkLines: number): void {
  const invalid = (reason: string) => new TextRecognizerError('INVALID_ARGUMENT', reason);
  if (sets.length === 0) throw invalid('There are no lines to sample from.');
  if (!(low > 0 && low <= high && high < Infinity)) throw invalid(`Lines cannot be stretched by [${low}, ${high}].`);
  if (!Number.isInteger(chunkLines) || chunkLines < sets.length) {
    throw invalid(`A chunk needs at least a line of each of the ${sets.length} sets, not ${chunkLines} lines.`);
  }
  const height = sets[0].lines.dataset.height;
  for (const { lines, weight } of sets) {
    const { name } = lines.dataset;
    if (!(weight > 0 && weight < Infinity)) throw invalid(`The weight of ${name} is ${weight}; it must be above 0.`);
    if (lines.indices.length === 0)
      throw invalid(`There are no lines to learn from. ${leftOutNotice(lines) ?? `${name} is empty.`}`);
    if (lines.dataset.height === height) continue;
    throw invalid(
      `Lines of ${name} are ${lines.dataset.height} pixels high, others ${height}; batches have one height.`,
    );
  }
}
