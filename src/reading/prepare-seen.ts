import { composeAffine, scaleAffine } from '../images/affine.ts';
import type { PictureFacts } from '../images/decode-image.ts';
import type { GrayImage } from '../images/gray-image.ts';
import { type QuarterTurns, turnBack, turnQuarters } from '../images/quarter-turn.ts';
import type { Content } from './find-content.ts';
import type { PageFinder } from './find-lines.ts';
import { lookAtPicture } from './look-at-picture.ts';
import {
  type LineFinder,
  type PictureOptions,
  type PreparedPicture,
  type PreparedSide,
  shrinking,
} from './prepare-picture.ts';
import { rectifySheet } from './rectify-sheet.ts';
import type { Polygon } from './reading.ts';

/** What a picture holds, who finds its lines, and whether it may lie on its side or upside down. */
export interface Looked {
  readonly content: Content;
  readonly findLines?: LineFinder;
  readonly cut?: ReadonlySet<Polygon>;
  /** What is read instead of the picture. */
  readonly erased?: GrayImage;
  readonly mayBeTurned: boolean;
}

/** How a picture is looked at, and how what was seen in it is prepared for a reader. */
export interface Seer {
  look(image: GrayImage): Promise<Looked>;
  prepare(image: GrayImage, looked: Looked, options: PictureOptions): Promise<PreparedPicture>;
}

/** Looks at a picture with the network that finds lines, where its ink alone does not tell. */
export async function lookWith(picture: GrayImage, finder: () => Promise<PageFinder>): Promise<Looked> {
  const { content, cutouts, cut, isTidy, erased } = await lookAtPicture(picture, finder);
  return { content, findLines: cutouts && (() => cutouts), cut, erased, mayBeTurned: !isTidy && content !== 'blank' };
}

/**
 * Prepares a picture, or the sheet that it shows at an angle; its three other sides as well, which are looked at only where they are
 * wanted. `original` is the picture before it was shrunk.
 */
export async function prepareSeen(
  picture: GrayImage,
  original: PictureFacts,
  { look: lookAt, prepare }: Seer,
  options: PictureOptions,
): Promise<PreparedPicture> {
  const first = await lookAt(picture);
  const sheet = first.mayBeTurned ? rectifySheet(picture, original) : undefined;
  const [seen, look] = sheet ? [sheet.image, await lookAt(sheet.image)] : [picture, first];
  const upright = sheet ? scaleAffine(1, 1) : shrinking(original, picture);
  const view = { ...options, original, perspective: sheet?.perspective };
  const prepared = await prepare(seen, look, { ...view, toPicture: upright });
  if (!look.mayBeTurned || prepared.reader.manifest.kind !== 'line') return prepared;
  const side = (turns: QuarterTurns): PreparedSide => {
    const toPicture = composeAffine(upright, turnBack(seen, turns));
    // The side that is read in the end was tried before with a few of its lines.
    let turned: Promise<{ image: GrayImage; look: Looked }> | undefined;
    const see = async () => {
      const image = turnQuarters(seen, turns);
      return { image, look: await lookAt(image) };
    };
    return async (mostLines) => {
      const { image, look } = await (turned ??= see());
      return await prepare(image, look, { ...view, toPicture, mostLines });
    };
  };
  return { ...prepared, sides: ([1, 2, 3] as const).map(side) };
}
