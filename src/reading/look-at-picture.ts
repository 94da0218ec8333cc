import { eraseRules } from '../images/erase-rules.ts';
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
  /** The picture without the rules of its paper, which is read instead where it shows a character. */
  readonly erased?: GrayImage;
}

/** Several whole lines are a page; what its rim cuts belongs to it. Beside one or two, that belongs to their neighbours. */
const LEAST_PAGE_LINES = 3;
/** Of a larger picture's lines the rules for ink say too little to know their height before. */
const LEAST_PAGE = 500_000;

/**
 * Looks for the writing in a picture: a tidy line or character is told by its ink, everything else by the network, which finds it amid
 * desk, frames, rules and shadows. Rules behind a character are erased.
 */
export async function lookAtPicture(picture: GrayImage, finder: () => Promise<PageFinder>): Promise<Look> {
  const { content, ink, isStemmed } = examinePicture(picture);
  if (isStemmed) return { content, isTidy: true };
  const isLarge = picture.width * picture.height >= LEAST_PAGE;
  if (ink !== undefined && !isLarge && isTidyInk(content, ink)) return { content, isTidy: true };
  const erased = isLarge || ink === undefined ? undefined : eraseRules(picture);
  const without = erased && examinePicture(erased);
  if (without?.content === 'blank') return { content: 'blank', isTidy: false };
  // Readers of lines have learned lines on rules, and erasing costs thin strokes more than the rules do.
  if (erased === undefined || !mayBeCharacter(without!)) return await findContents(picture, { content, ink }, finder);
  if (isTidyCharacter(without!.ink!)) return { content: without!.content, isTidy: false, erased };
  return { ...(await findContents(erased, without!, finder)), erased };
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
