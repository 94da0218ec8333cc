/** What a page network says of a picture, row by row; a cell is a square of some pixels of the picture. */
export interface PageMaps {
  readonly width: number;
  readonly height: number;
  /** Probability that a cell lies in the core of a line: from its baseline up to half its height. */
  readonly core: Float32Array;
  /** Probability that a cell lies between the upper and the lower rim of a line. */
  readonly writing: Float32Array;
  /** Where there is a core: how far the line reaches above and below its baseline, in cells. */
  readonly up: Float32Array;
  readonly down: Float32Array;
}

/** A line's core in one column of cells. */
export interface CoreRun {
  readonly x: number;
  readonly top: number;
  /** The baseline there, between cells where the probability says so. */
  readonly bottom: number;
  readonly probability: number;
  readonly up: number;
  readonly down: number;
}

/** A line of writing, column after column from left to right. */
export type LineTrace = readonly CoreRun[];

export interface TraceOptions {
  /** Cells of a lower probability are no core. */
  readonly threshold?: number;
  /** Pieces of a line that are no further apart than this are one, in units of its height above the baseline. */
  readonly joinGap?: number;
  /** The same for pieces with what looks like writing between them. */
  readonly bridgeGap?: number;
  /** Traces of a lower mean probability are dropped. */
  readonly leastMean?: number;
  /** Shorter traces are dropped, in units of their height above the baseline. */
  readonly leastLength?: number;
  /** The height of a core, as a share of the line's height above the baseline. */
  readonly coreShare?: number;
}

const defaults: Required<TraceOptions> = {
  threshold: 0.2,
  joinGap: 1.2,
  bridgeGap: 6,
  leastMean: 0.6,
  leastLength: 0.35,
  coreShare: 0.5,
};

/** A core this many times as thick as its line's height says is several lines that touch. */
const TOUCHING = 1.75;
/** The rim of a core is where the probability falls below this share of its highest. */
const RIM_SHARE = 0.5;
/** No core is expected to be thinner than this many cells. */
const LEAST_CORE = 1.6;
/** In units of the height above the baseline: how far the ends of two pieces may differ in height. */
const JOIN_OFFSET = 0.35;
/** How much higher one of two pieces of a line may be. */
const JOIN_RATIO = 1.7;
/** In units of the height: how far two pieces may overlap. */
const JOIN_OVERLAP = 0.6;
/** Between pieces that are joined over a wide gap, no cell has a lower probability of writing. */
const BRIDGE_WRITING = 0.3;
/** Slopes at the ends of pieces are not followed further than this. */
const STEEPEST = 0.3;

/** Follows the cores of lines from left to right; lines that touch in some columns stay apart. In no order. */
export function traceLines(maps: PageMaps, options: TraceOptions = {}): LineTrace[] {
  const all = { ...defaults, ...options };
  let open: CoreRun[][] = [];
  const ended: CoreRun[][] = [];
  for (let x = 0; x < maps.width; x++) {
    const next = follow(open, runsAt(maps, x, all));
    ended.push(...open.filter((trace) => !next.includes(trace)));
    open = next;
  }
  const pieces = [...ended, ...open].filter((trace) => mean(trace, (run) => run.probability) >= all.leastMean);
  return joinPieces(pieces, maps, all).filter((trace) => trace.length >= all.leastLength * meanUp(trace));
}

/** The cores in a column, from the top down. */
function runsAt(maps: PageMaps, x: number, options: Required<TraceOptions>): CoreRun[] {
  const { width, height, core } = maps;
  const { threshold } = options;
  const runs: CoreRun[] = [];
  for (let y = 0; y < height; y++) {
    if (core[y * width + x] < threshold) continue;
    const first = y;
    while (y + 1 < height && core[(y + 1) * width + x] >= threshold) y++;
    runs.push(...splitRun(maps, x, first, y, options));
  }
  return runs;
}

/** One core from cell `first` to cell `last`, or as many as it is too thick for one. */
function splitRun(
  { width, height, core, up, down }: PageMaps,
  x: number,
  first: number,
  last: number,
  { threshold, coreShare }: Required<TraceOptions>,
): CoreRun[] {
  let [sum, above, below, peak] = [0, 0, 0, 0];
  for (let y = first; y <= last; y++) {
    const at = y * width + x;
    sum += core[at];
    above += core[at] * up[at];
    below += core[at] * down[at];
    peak = Math.max(peak, core[at]);
  }
  const probabilityAt = (y: number) => (y < 0 || y >= height ? 0 : core[y * width + x]);
  const level = Math.max(threshold, RIM_SHARE * peak);
  const top = rim(probabilityAt, first, 1, level);
  const bottom = rim(probabilityAt, last, -1, level);
  const expected = Math.max(LEAST_CORE, (coreShare * above) / sum);
  const count = bottom - top > TOUCHING * expected ? Math.round((bottom - top) / expected) : 1;
  const step = (bottom - top) / count;
  return Array.from({ length: count }, (_, i) => ({
    x,
    top: top + i * step,
    bottom: top + (i + 1) * step,
    probability: peak,
    up: above / sum,
    down: below / sum,
  }));
}

/** From cell `y` on inwards: where the probability rises through `level`, between the middles of two cells. */
function rim(probabilityAt: (y: number) => number, y: number, inwards: 1 | -1, level: number): number {
  let at = y;
  while (probabilityAt(at) < level) at += inwards;
  const [inner, outer] = [probabilityAt(at), probabilityAt(at - inwards)];
  return at + 0.5 - inwards * ((inner - level) / (inner - outer));
}

/** The traces that go on in the next column, each with the run that it shares most rows with, and those that begin there. */
function follow(open: readonly CoreRun[][], runs: readonly CoreRun[]): CoreRun[][] {
  const pairs = open
    .flatMap((trace) => runs.map((run) => ({ trace, run, shared: sharedRows(trace[trace.length - 1], run) })))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared);
  const [continued, taken] = [new Set<CoreRun[]>(), new Set<CoreRun>()];
  for (const { trace, run } of pairs) {
    if (continued.has(trace) || taken.has(run)) continue;
    trace.push(run);
    continued.add(trace);
    taken.add(run);
  }
  return [...continued, ...runs.filter((run) => !taken.has(run)).map((run) => [run])];
}

function sharedRows(a: CoreRun, b: CoreRun): number {
  return Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
}

/** Joins pieces of one line: each with at most one on its right and one on its left, the nearest first. */
function joinPieces(pieces: readonly LineTrace[], maps: PageMaps, options: Required<TraceOptions>): LineTrace[] {
  const pairs = pieces
    .flatMap((left) => pieces.map((right) => ({ left, right, distance: pieceDistance(left, right, maps, options) })))
    .filter(({ distance }) => distance < Infinity)
    .sort((a, b) => a.distance - b.distance);
  const following = new Map<LineTrace, LineTrace>();
  const followers = new Set<LineTrace>();
  for (const { left, right } of pairs) {
    if (following.has(left) || followers.has(right)) continue;
    following.set(left, right);
    followers.add(right);
  }
  return pieces.filter((piece) => !followers.has(piece)).map((first) => chain(first, following));
}

/** A piece with all that follow it; where two overlap, the left one ends. */
function chain(first: LineTrace, following: ReadonlyMap<LineTrace, LineTrace>): LineTrace {
  let trace = first;
  for (let next = following.get(first); next !== undefined; next = following.get(next)) {
    const begin = next[0].x;
    trace = [...trace.filter(({ x }) => x < begin), ...next];
  }
  return trace;
}

/** How far `right` begins behind the end of `left`, in units of their height; infinite where they are not one line. */
function pieceDistance(
  left: LineTrace,
  right: LineTrace,
  maps: PageMaps,
  { joinGap, bridgeGap }: Required<TraceOptions>,
): number {
  const [end, begin] = [left[left.length - 1], right[0]];
  if (left === right || begin.x <= left[0].x || end.x >= right[right.length - 1].x) return Infinity;
  const ups = [meanUp(left), meanUp(right)];
  const up = Math.min(...ups);
  const gap = (begin.x - end.x - 1) / up;
  if (gap > Math.max(joinGap, bridgeGap) || gap < -JOIN_OVERLAP || Math.max(...ups) > JOIN_RATIO * up) return Infinity;
  const reach = Math.max(1, Math.round(2 * up));
  const middle = (end.x + begin.x) / 2;
  const offset = Math.abs(heightTowards(left.slice(-reach), middle) - heightTowards(right.slice(0, reach), middle));
  if (offset > JOIN_OFFSET * up || (gap > joinGap && !isWritingBetween(end, begin, maps))) return Infinity;
  return Math.max(0, gap) + offset / up;
}

/** Whether the network sees writing all along the gap between two runs, in the middle of their cores. */
function isWritingBetween(end: CoreRun, begin: CoreRun, { width, writing }: PageMaps): boolean {
  const [from, to] = [end, begin].map(({ top, bottom }) => (top + bottom) / 2);
  for (let x = end.x + 1; x < begin.x; x++) {
    const y = Math.floor(from + ((x - end.x) / (begin.x - end.x)) * (to - from));
    if (writing[y * width + x] < BRIDGE_WRITING) return false;
  }
  return true;
}

/** Where the baseline of a stretch would be at x, going straight on; a short one goes level. */
function heightTowards(stretch: LineTrace, x: number): number {
  const [mx, my] = [mean(stretch, (run) => run.x), mean(stretch, (run) => run.bottom)];
  const spread = mean(stretch, (run) => (run.x - mx) ** 2);
  const slope = stretch.length < 6 ? 0 : mean(stretch, (run) => (run.x - mx) * (run.bottom - my)) / spread;
  return my + Math.max(-STEEPEST, Math.min(STEEPEST, slope)) * (x - mx);
}

function meanUp(trace: LineTrace): number {
  return mean(trace, ({ up }) => up);
}

function mean(trace: LineTrace, value: (run: CoreRun) => number): number {
  return trace.reduce((sum, run) => sum + value(run), 0) / trace.length;
}
