import { type Component, type Components, connectedComponents, unionBox } from './connected-components.ts';
import type { Box } from './crop.ts';
import type { GrayImage } from './gray-image.ts';

/** Fewer pixels in the largest mark are noise. */
const MIN_AREA = 4;
/** Marks smaller than this share of the largest one are specks; the dot of an i has 2 % and more. */
const SPECK_SHARE = 0.01;
/** Marks fainter than this share of the main one are shadows; those cut by the rim must be stronger. */
const FAINT_SHARE = 0.5;
const FAINT_SHARE_AT_RIM = 0.75;
/** A character has at most so many dots and accents, marks of at most this share of the main one's area; more are the paper's. */
const MOST_DOTS = 2;
const DOT_SHARE = 0.12;
/** A mark along this share of one side is an edge of the paper. */
const EDGE_SHARE = 0.5;

/** A mark around another with this share of its own ink is a frame. */
const FRAMED_SHARE = 0.15;
/** A picture with more frames than this, one in another or side by side, has no main mark. */
const MOST_FRAMES = 100;
/** A rule is so many times as long as the main mark along it, and this share of its length thick. */
const RULE_LENGTH = 1.2;
const RULE_THICKNESS = 0.12;

/** Where the ink is, and the image without what is not part of it. */
export interface FoundInk {
  readonly box: Box;
  /** The image with specks and shadows painted black. */
  readonly image: GrayImage;
  /** All that hangs together, what is left out included. */
  readonly marks: readonly FoundMark[];
}

export interface FoundMark extends Component {
  readonly isInk: boolean;
  readonly isAtRim: boolean;
}

/** A mark with what tells ink from other things. */
interface Mark extends Component {
  /** Mean gray. */
  readonly strength: number;
  /** The largest share of one side of the image along which it lies; 0 away from the rim. */
  readonly edge: number;
  readonly isAtSide: boolean;
}

/**
 * Finds the smallest box around all marks brighter than `threshold`. Left out are specks, marks much fainter than the
 * rest (edges of shadows), frames and rules beside the main mark, and, where the main mark lies clear of the rim, the edge of the paper.
 * Unless `keepSides`, the main mark is a character: all else that the rim cuts is left out, and so are more dots than characters have. Undefined if there is no ink.
 */
export function findInk(image: GrayImage, threshold: number, keepSides = false): FoundInk | undefined {
  const { width, height, data } = image;
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) mask[i] = data[i] > threshold ? 1 : 0;
  const found = connectedComponents(mask, width, height);
  const marks = describeMarks(found, image);
  const main = mainMark(marks, keepSides ? EDGE_SHARE : Number.MIN_VALUE);
  if (main === undefined || main.area < MIN_AREA) return undefined;
  const isInk = marks.map((mark) => belongsTo(main, mark, keepSides));
  if (!keepSides) leaveOutSpecks(main, marks, isInk);
  const box = unionBox(marks.filter((_, i) => isInk[i]).map((mark) => mark.box)) ?? main.box;
  const described = marks.map(({ box, area, edge }, i) => ({ box, area, isInk: isInk[i], isAtRim: edge > 0 }));
  if (!isInk.includes(false)) return { box, image, marks: described };
  return { box, image: { width, height, data: withoutMarks(data, found.labels, isInk, width) }, marks: described };
}

function describeMarks({ labels, components }: Components, { width, height, data }: GrayImage): Mark[] {
  const mass = new Float64Array(components.length);
  for (let i = 0; i < data.length; i++) if (labels[i] !== 0) mass[labels[i] - 1] += data[i];
  const left = countAlong(labels, components.length, 0, width, height);
  const right = countAlong(labels, components.length, width - 1, width, height);
  const top = countAlong(labels, components.length, 0, 1, width);
  const bottom = countAlong(labels, components.length, (height - 1) * width, 1, width);
  return components.map((component, i) => ({
    ...component,
    strength: mass[i] / component.area,
    edge: Math.max(left[i] / height, right[i] / height, top[i] / width, bottom[i] / width),
    isAtSide: left[i] + right[i] > 0,
  }));
}

/** How many of `count` pixels from `start`, `step` apart, belong to each component. */
function countAlong(labels: Int32Array, components: number, start: number, step: number, count: number): Uint32Array {
  const counts = new Uint32Array(components);
  for (let i = 0; i < count; i++) {
    const label = labels[start + i * step];
    if (label !== 0) counts[label - 1]++;
  }
  return counts;
}

/**
 * The heaviest mark that is no frame, unless it lies along `edgeShare` of a side and there is another, not small, clear of the rim: then
 * it is an edge of the paper, or a shadow. Noise has a hundred thousand marks, so only the heaviest are compared with all.
 */
function mainMark(marks: readonly Mark[], edgeShare: number): Mark | undefined {
  const mass = ({ area, strength }: Mark) => area * strength;
  const heavy = marks.toSorted((a, b) => mass(b) - mass(a)).slice(0, MOST_FRAMES);
  const heaviest = heavy.find((mark) => !isFrame(mark, marks));
  if (heaviest === undefined || heaviest.edge < edgeShare) return heaviest;
  const rest = heavy.find((mark) => mark.edge < edgeShare && !isFrame(mark, marks));
  if (rest === undefined || rest.edge > 0 || rest.area < 2 * SPECK_SHARE * heaviest.area) return heaviest;
  return rest;
}

function belongsTo(main: Mark, mark: Mark, keepSides: boolean): boolean {
  if (mark === main) return true;
  if (mark.area < SPECK_SHARE * main.area || encloses(mark.box, main.box) || isRuleBeside(main.box, mark.box))
    return false;
  if (main.edge === 0 && (keepSides ? mark.edge >= EDGE_SHARE : mark.edge > 0)) return false;
  return mark.strength >= main.strength * (mark.edge > 0 ? FAINT_SHARE_AT_RIM : FAINT_SHARE);
}

function leaveOutSpecks(main: Mark, marks: readonly Mark[], isInk: boolean[]): void {
  const isDot = marks.map(({ area }, i) => isInk[i] && area <= DOT_SHARE * main.area);
  if (isDot.filter(Boolean).length <= MOST_DOTS) return;
  isDot.forEach((dot, i) => (isInk[i] &&= !dot));
}

function isFrame(mark: Component, marks: readonly Component[]): boolean {
  return marks.some((other) => other.area >= FRAMED_SHARE * mark.area && encloses(mark.box, other.box));
}

/** Whether one mark is around another. */
export function encloses(outer: Box, inner: Box): boolean {
  return outer.left < inner.left && outer.top < inner.top && outer.right > inner.right && outer.bottom > inner.bottom;
}

/** Whether a mark is a straight line clear of the main one and longer than that: a rule of the paper, the side of a cell. */
function isRuleBeside(main: Box, mark: Box): boolean {
  const [width, height] = [mark.right - mark.left, mark.bottom - mark.top];
  const isUpright = height > RULE_LENGTH * (main.bottom - main.top) && width <= RULE_THICKNESS * height;
  const isLevel = width > RULE_LENGTH * (main.right - main.left) && height <= RULE_THICKNESS * width;
  const isBeside = mark.left >= main.right || mark.right <= main.left;
  const isAbove = mark.top >= main.bottom || mark.bottom <= main.top;
  return (isUpright && isBeside) || (isLevel && isAbove);
}

/** Blackens what is not ink and the pixels around it, into which it blurs. */
function withoutMarks(data: Uint8Array, labels: Int32Array, isInk: readonly boolean[], width: number): Uint8Array {
  const clean = data.slice();
  for (let i = 0; i < data.length; i++) {
    if (labels[i] === 0 || isInk[labels[i] - 1]) continue;
    for (const next of [i, i - 1, i + 1, i - width, i + width]) if (labels[next] === 0 || next === i) clean[next] = 0;
  }
  return clean;
}
