import { type ErasedRules, eraseRules } from '../images/erase-rules.ts';
import type { GrayImage } from '../images/gray-image.ts';
import type { InkMarks } from '../images/ink-marks.ts';
import { type Content, type Examined, examinePicture } from './find-content.ts';
import { findLines, findLoneCharacter, isNarrow, type PageFinder } from './find-lines.ts';
import { isTidyCharacter } from './is-tidy-character.ts';
import { isTidyLine } from './is-tidy-line.ts';
import { isOfLetters, lineHeight } from './letter-height.ts';
import type { Polygon } from './reading.ts';
import type { FoundLine } from './shape-line.ts';

/** What a picture holds, and what to cut out of it: each line, or the one character; absent where it is read as it is. */
export interface Look {
  readonly content: Content;
  readonly cutouts?: readonly Polygon[];
  /** Those of `cutouts` whose writing the picture's rim cuts. */
  readonly cut?: ReadonlySet<Polygon>;
  /** Whether the ink alone told, which is level and fills its picture. */
  readonly isTidy: boolean;
  /** The picture without the rules of its paper, which is read instead. */
  readonly erased?: GrayImage;
}

/** Several whole lines are a page; what its rim cuts belongs to it. Beside one or two, that belongs to their neighbours. */
const LEAST_PAGE_LINES = 3;
/** Of a larger picture's lines the rules for ink say too little to know their height before. */
const LEAST_PAGE = 500_000;
/** So many rules in one direction are those of ruled or squared paper; fewer, of a table or a margin, readers of lines have learned. */
const LEAST_RULES = 3;

/**
 * Looks for the writing in a picture: a tidy line or character is told by its ink, everything else by the network, which finds it amid
 * desk, frames, rules and shadows. The rules of paper are erased, and those of a frame behind a character.
 */
export async function lookAtPicture(picture: GrayImage, finder: () => Promise<PageFinder>): Promise<Look> {
  const { content, ink, isStemmed } = examinePicture(picture);
  if (isStemmed) return { content, isTidy: true };
  const isLarge = picture.width * picture.height >= LEAST_PAGE;
  if (ink !== undefined && !isLarge && isTidyInk(content, ink)) return { content, isTidy: true };
  const rules = isLarge || ink === undefined ? undefined : eraseRules(picture);
  if (rules === undefined) return await findContents(picture, { content, ink }, finder);
  const erased = rules.image;
  const without = examinePicture(erased);
  if (without.content === 'blank') return { content: 'blank', isTidy: false };
  if (!mayBeCharacter(without) && !isRuledPaper(rules)) return await findContents(picture, { content, ink }, finder);
  if (mayBeCharacter(without) && isTidyCharacter(without.ink!))
    return { content: without.content, isTidy: false, erased };
  return { ...(await findContents(erased, without, finder)), erased };
}

function isRuledPaper({ level, upright }: ErasedRules): boolean {
  return Math.max(level, upright) >= LEAST_RULES;
}

function mayBeCharacter({ content }: Examined): boolean {
  return content === 'character' || content === 'unclear';
}

/** What the network finds in a picture that is not tidy. */
async function findContents(
  picture: GrayImage,
  { content, ink }: Examined,
  finder: () => Promise<PageFinder>,
): Promise<Look> {
  const isLarge = picture.width * picture.height >= LEAST_PAGE;
  const isSingle = content !== 'lines' && !isLarge && ink !== undefined;
  const expected = isSingle && isOfLetters(ink) ? (lineHeight(ink) * picture.height) / ink.height : undefined;
  const seen = await findLines(picture, await finder(), expected);
  const found = isSingle && seen.length === 0 ? await findLoneCharacter(picture, await finder()) : seen;
  const whole = found.filter(({ cut }) => !cut);
  const lines = whole.length >= LEAST_PAGE_LINES || whole.length === 0 ? found : whole;
  // Rows of squared or dotted paper look like lines to the rules for ink, and the grain of a desk like letters.
  const isOfLines = content === 'line' || content === 'lines';
  if (lines.length === 0) return { content: isOfLines ? 'unclear' : content, isTidy: false };
  const cutouts = lines.map(({ cutout }) => cutout);
  const cut = new Set(cutouts.filter((_, i) => lines[i].cut));
  return { content: contentOf(lines), cutouts, cut, isTidy: false };
}

function isTidyInk(content: Content, ink: InkMarks): boolean {
  return content === 'line' ? isTidyLine(ink) : content !== 'lines' && isTidyCharacter(ink);
}

function contentOf(lines: readonly FoundLine[]): Content {
  if (lines.length > 1) return 'lines';
  return isNarrow(lines[0]) ? 'unclear' : 'line';
}
