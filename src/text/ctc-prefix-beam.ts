import { TextRecognizerError } from '../errors.ts';
import { blankClass } from './alphabet.ts';
import { logAdd, stepCount } from './log-softmax.ts';
import { PrefixTrie } from './prefix-trie.ts';

/** A language model over the classes of a CTC network; states are integers. Log-probabilities are natural and ≤ 0. */
export interface CtcLanguageModel {
  /** The state at the start of a line. */
  readonly start: number;
  /** log p(character of `label` | state). */
  score(state: number, label: number): number;
  /** The state after the character of `label`. */
  advance(state: number, label: number): number;
  /** log p(the line may end | state). */
  end(state: number): number;
  /** Share in [0, 1] of its say on this character, and of the length bonus, that counts: little where it knows nothing. */
  trust(state: number, label: number): number;
}

/** A set of texts over the classes of a CTC network, as an automaton; states are integers. */
export interface CtcConstraint {
  /** The state of the empty text. */
  readonly start: number;
  /** The state after the character of `label`, or −1 where no text of the set continues like this. */
  advance(state: number, label: number): number;
  /** The least number of characters until a text of the set is complete; 0 where one is. */
  missing(state: number): number;
}

export interface BeamOptions {
  /** How many prefixes survive a time step at most; 128 by default. */
  readonly beamWidth?: number;
  /** Prefixes that score so much less than the best do not survive, in nats; 6 by default. */
  readonly beamMargin?: number;
  /** Classes below this probability at a step do not extend a prefix there; 1e-4 by default. */
  readonly minProbability?: number;
  readonly languageModel?: CtcLanguageModel;
  /** α, the weight of the language model's log-probability; 0.5 by default. */
  readonly languageModelWeight?: number;
  /** β, added per character, against the language model's preference for short texts; 1 by default with a model. */
  readonly lengthBonus?: number;
  /** The only texts that are searched; every class is then tried at every step, however improbable. */
  readonly constraint?: CtcConstraint | undefined;
}

/** One of the texts that a beam search ended with. */
export interface BeamHypothesis {
  readonly labels: Uint16Array;
  /** log p_ctc + α log p_lm + β length. */
  readonly score: number;
  /** exp(score), normalised over the hypotheses returned, in [0, 1]. */
  readonly confidence: number;
}

/**
 * Prefix beam search (Hannun et al. 2014, "First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional
 * Recurrent DNNs", algorithm 1), in log space, with a character language model: score = log p_ctc + α log p_lm + β length.
 * `logProbabilities` is `[time, class]`; returns up to `beamWidth` hypotheses, the best first:
 * at least one, unless a constraint has no text that fits into the steps.
 */
export function ctcPrefixBeam(
  logProbabilities: Float32Array,
  classes: number,
  options: BeamOptions = {},
): BeamHypothesis[] {
  const search = (stepsPerCharacter: number) => {
    const beam = new BeamSearch(stepCount(logProbabilities, classes), classes, options, stepsPerCharacter);
    for (let row = 0; row < logProbabilities.length; row += classes) beam.step(logProbabilities, row);
    return beam.hypotheses();
  };
  const hypotheses = search(1);
  // Where all prefixes were left with no step for the blank between repeated characters, these are reckoned with in time.
  return hypotheses.length === 0 ? search(2) : hypotheses;
}

/** Candidates are thinned out to the width of the beam when there are so many times as many. */
const roomForCandidates = 4;

/**
 * The state of one search. Beam slots hold a trie node with the log-probabilities of its prefix over the paths that end in
 * a blank and in its last label; the `new…` arrays collect candidates for the next step.
 */
class BeamSearch {
  private readonly classes: number;
  private readonly width: number;
  private readonly margin: number;
  private readonly minimum: number;
  private readonly model: CtcLanguageModel | undefined;
  private readonly constraint: CtcConstraint | undefined;
  /** How many steps a character that is missing is reckoned to need. */
  private readonly stepsPerCharacter: number;
  /** Time steps that are still to come after the present one. */
  private stepsLeft: number;
  private readonly weight: number;
  private readonly bonus: number;
  private readonly mostGain: number;
  private readonly trie: PrefixTrie;
  /** Beam slot of each trie node, or −1. */
  private readonly slotOf: Int32Array;
  private size = 1;
  private nodes: Int32Array;
  private blankEnd: Float64Array;
  private labelEnd: Float64Array;
  private total: Float64Array;

  private newSize = 0;
  /** The best candidate's score, and the one below which none can enter the beam. */
  private newBest = -Infinity;
  private newFloor = -Infinity;
  /** The candidate's node, or −1 − its parent's node where the node does not exist yet. */
  private newNodes: Int32Array;
  private readonly newLabels: Uint16Array;
  private newBlankEnd: Float64Array;
  private newLabelEnd: Float64Array;
  private readonly newScores: Float64Array;
  private readonly newLanguage: Float64Array;
  private readonly sorted: Float64Array;
  private readonly tried: Uint16Array;

  constructor(steps: number, classes: number, options: BeamOptions, stepsPerCharacter: number) {
    this.classes = classes;
    this.width = positive('beamWidth', options.beamWidth ?? 128);
    this.margin = options.beamMargin ?? 6;
    if (!(this.margin > 0)) {
      throw new TextRecognizerError('INVALID_ARGUMENT', `beamMargin must be above 0, not ${this.margin}.`);
    }
    this.constraint = options.constraint;
    this.stepsPerCharacter = stepsPerCharacter;
    this.stepsLeft = steps;
    const minimum = Math.log(fraction('minProbability', options.minProbability ?? 1e-4));
    this.minimum = this.constraint ? -Infinity : minimum;
    this.model = options.languageModel;
    this.weight = options.languageModelWeight ?? 0.5;
    if (!(this.weight >= 0)) {
      throw new TextRecognizerError('INVALID_ARGUMENT', `languageModelWeight must be 0 or more, not ${this.weight}.`);
    }
    this.bonus = options.lengthBonus ?? (this.model === undefined ? 0 : 1);
    // Where the model is not trusted, a negative bonus does not count either.
    this.mostGain = this.model === undefined ? this.bonus : Math.max(0, this.bonus);
    const { width } = this;
    const room = roomForCandidates * width;
    this.trie = new PrefixTrie(steps * width + 1, this.model?.start ?? 0, this.constraint?.start ?? 0);
    this.slotOf = new Int32Array(steps * width + 1).fill(-1);
    this.slotOf[0] = 0;
    this.nodes = new Int32Array(room);
    [this.blankEnd, this.labelEnd, this.total, this.sorted] = floats(room, 4);
    this.labelEnd[0] = -Infinity;
    this.newNodes = new Int32Array(room);
    this.newLabels = new Uint16Array(room);
    [this.newBlankEnd, this.newLabelEnd, this.newScores, this.newLanguage] = floats(room, 4);
    this.tried = new Uint16Array(classes);
  }

  /** Takes in the scores of one time step, which are at `row`. */
  step(scores: Float32Array, row: number): void {
    this.stepsLeft--;
    this.newSize = 0;
    this.newBest = this.newFloor = -Infinity;
    this.keepPrefixes(scores, row);
    this.extendPrefixes(scores, row, this.selectClasses(scores, row));
    this.thinOut();
    this.commit();
  }

  hypotheses(): BeamHypothesis[] {
    const slots = Array.from({ length: this.size }, (_, slot) => slot);
    const ended = slots.map((slot) => ({ node: this.nodes[slot], score: this.total[slot] + this.endScore(slot) }));
    ended.sort((a, b) => b.score - a.score);
    const evidence = ended.reduce((sum, { score }) => logAdd(sum, score), -Infinity);
    return ended.map(({ node, score }) => ({
      labels: this.trie.labels(node),
      score,
      confidence: Math.min(1, Math.exp(score - evidence)),
    }));
  }

  /** Candidates whose text stays the same: another blank, a repeat of the last label, or the label after a beam prefix. */
  private keepPrefixes(scores: Float32Array, row: number): void {
    const { trie } = this;
    const blank = scores[row + blankClass];
    for (let slot = 0; slot < this.size; slot++) {
      const node = this.nodes[slot];
      if (!this.canComplete(trie.constraintState[node])) continue;
      const label = trie.label[node];
      let labelEnd = node === 0 ? -Infinity : this.labelEnd[slot] + scores[row + label];
      const parent = node === 0 ? -1 : this.slotOf[trie.parent[node]];
      if (parent >= 0) labelEnd = logAdd(labelEnd, this.extended(parent, label) + scores[row + label]);
      const blankEnd = this.total[slot] + blank;
      const language = trie.languageScore[node];
      this.offer(node, label, blankEnd, labelEnd, logAdd(blankEnd, labelEnd) + language, language);
    }
  }

  /** Candidates with one label more, tried in falling order of probability until none can enter the beam. */
  private extendPrefixes(scores: Float32Array, row: number, count: number): void {
    const { trie } = this;
    for (let slot = 0; slot < this.size; slot++) {
      const parent = this.nodes[slot];
      const language = trie.languageScore[parent];
      for (let i = 0; i < count; i++) {
        const label = this.tried[i];
        // A language model only lowers a score, so this bound spares most look-ups.
        if (this.isHopeless(this.total[slot] + scores[row + label] + language + this.mostGain)) break;
        const child = trie.find(parent, label);
        if (child >= 0 && this.slotOf[child] >= 0) continue;
        if (!this.canComplete(this.constrained(parent, label))) continue;
        const labelEnd = this.extended(slot, label) + scores[row + label];
        if (this.isHopeless(labelEnd + language + this.mostGain)) continue;
        const after = language + this.gain(trie.languageState[parent], label);
        this.offer(child >= 0 ? child : -1 - parent, label, -Infinity, labelEnd, labelEnd + after, after);
      }
    }
  }

  /** What the language model and the length bonus add for a character. */
  private gain(state: number, label: number): number {
    const { model } = this;
    if (model === undefined) return this.bonus;
    return model.trust(state, label) * (this.weight * model.score(state, label) + this.bonus);
  }

  /** The constraint's state after `label` behind the prefix of `node`, or −1 where the constraint forbids it. */
  private constrained(node: number, label: number): number {
    return this.constraint ? this.constraint.advance(this.trie.constraintState[node], label) : 0;
  }

  /** Whether the steps that are left may complete a text from this state of the constraint. */
  private canComplete(state: number): boolean {
    if (this.constraint === undefined) return true;
    return state >= 0 && this.constraint.missing(state) * this.stepsPerCharacter <= this.stepsLeft;
  }

  /** log p of the paths that may be followed by a fresh `label`: the same label needs a blank between. */
  private extended(slot: number, label: number): number {
    const node = this.nodes[slot];
    return node > 0 && this.trie.label[node] === label ? this.blankEnd[slot] : this.total[slot];
  }

  /** Fills `tried` with the classes worth trying at this step, the most probable first, and returns their number. */
  private selectClasses(scores: Float32Array, row: number): number {
    const { tried, minimum } = this;
    let count = 0;
    for (let c = 1; c < this.classes; c++) {
      const score = scores[row + c];
      if (score < minimum) continue;
      let i = count++;
      for (; i > 0 && scores[row + tried[i - 1]] < score; i--) tried[i] = tried[i - 1];
      tried[i] = c;
    }
    return count;
  }

  /** Whether a candidate of this score is out of the beam, as far as the others are known. */
  private isHopeless(score: number): boolean {
    return score <= this.newFloor;
  }

  private offer(
    node: number,
    label: number,
    blankEnd: number,
    labelEnd: number,
    score: number,
    language: number,
  ): void {
    if (this.isHopeless(score)) return;
    if (this.newSize === this.newScores.length) this.thinOut();
    const i = this.newSize++;
    this.newNodes[i] = node;
    this.newLabels[i] = label;
    this.newBlankEnd[i] = blankEnd;
    this.newLabelEnd[i] = labelEnd;
    this.newScores[i] = score;
    this.newLanguage[i] = language;
    if (score <= this.newBest) return;
    this.newBest = score;
    this.newFloor = Math.max(this.newFloor, score - this.margin);
  }

  /** Leaves the best candidates, as many as the beam is wide and none beyond the margin. */
  private thinOut(): void {
    const { newSize: size, newScores, width } = this;
    let ties = 0;
    if (size > width) {
      const sorted = this.sorted.subarray(0, size);
      sorted.set(newScores.subarray(0, size));
      const lowest = sorted.sort()[size - width];
      if (lowest > this.newFloor) {
        this.newFloor = lowest;
        const above = sorted.findIndex((score) => score > lowest);
        ties = width - (above < 0 ? 0 : size - above);
      }
    }
    this.newSize = 0;
    for (let i = 0; i < size; i++) {
      const isIn = newScores[i] > this.newFloor || (newScores[i] === this.newFloor && ties-- > 0);
      if (isIn) this.move(i, this.newSize++);
    }
  }

  private move(from: number, to: number): void {
    this.newNodes[to] = this.newNodes[from];
    this.newLabels[to] = this.newLabels[from];
    this.newBlankEnd[to] = this.newBlankEnd[from];
    this.newLabelEnd[to] = this.newLabelEnd[from];
    this.newScores[to] = this.newScores[from];
    this.newLanguage[to] = this.newLanguage[from];
  }

  /** Makes the candidates the beam, giving new prefixes their nodes. */
  private commit(): void {
    const { trie, model } = this;
    for (let slot = 0; slot < this.size; slot++) this.slotOf[this.nodes[slot]] = -1;
    for (let slot = 0; slot < this.newSize; slot++) {
      if (this.newNodes[slot] < 0) {
        const parent = -1 - this.newNodes[slot];
        const label = this.newLabels[slot];
        const state = model === undefined ? 0 : model.advance(trie.languageState[parent], label);
        const constraint = this.constrained(parent, label);
        this.newNodes[slot] = trie.add(parent, label, state, this.newLanguage[slot], constraint);
      }
      this.slotOf[this.newNodes[slot]] = slot;
      this.total[slot] = logAdd(this.newBlankEnd[slot], this.newLabelEnd[slot]);
    }
    this.size = this.newSize;
    [this.nodes, this.newNodes] = [this.newNodes, this.nodes];
    [this.blankEnd, this.newBlankEnd] = [this.newBlankEnd, this.blankEnd];
    [this.labelEnd, this.newLabelEnd] = [this.newLabelEnd, this.labelEnd];
  }

  private endScore(slot: number): number {
    const node = this.nodes[slot];
    const end = this.model === undefined ? 0 : this.weight * this.model.end(this.trie.languageState[node]);
    return this.trie.languageScore[node] + end;
  }
}

function floats(length: number, count: number): Float64Array<ArrayBuffer>[] {
  return Array.from({ length: count }, () => new Float64Array(length));
}

function fraction(name: string, value: number): number {
  // Above 1 / classes, a step could come out with no class at all to continue with.
  if (value >= 0 && value <= 1e-2) return value;
  throw new TextRecognizerError('INVALID_ARGUMENT', `${name} must be within [0, 0.01], not ${value}.`);
}

function positive(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new TextRecognizerError('INVALID_ARGUMENT', `${name} must be a whole number above 0, not ${value}.`);
}
