import type { LineDataset, LineInfo } from '../../datasets/lines/line-dataset.ts';
import { linesFromImages } from '../../datasets/lines/memory-lines.ts';
import type { LineCutter } from '../../datasets/sources/pages/cut-page-lines.ts';
import type { Polygon } from '../../datasets/sources/pages/transcribed-page.ts';
import { composeScene, type SceneKind, sceneKinds } from '../../datasets/synthesis/pages/line-scene.ts';
import { type Box, crop } from '../../images/crop.ts';
import { cutPolygon } from '../../images/cut-polygon.ts';
import { wholeBoxOf } from '../../images/fill-polygon.ts';
import type { GrayImage } from '../../images/gray-image.ts';
import { lineStem } from '../../images/line-stem.ts';
import { Random } from '../../random/random.ts';
import { findLines, type PageFinder } from '../../reading/find-lines.ts';
import type { FoundLine } from '../../reading/shape-line.ts';
import { matchLines } from './match-lines.ts';

/** Of a line's height: the most by which a loose crop shows more than the line above and below it, and beside it. */
const LOOSE = { above: 0.6, beside: 1 } as const;
/** Of a line's height: what a find may leave out at either end, and have too much; otherwise the text is not what is seen. */
const MOST_MISSING = 0.5;
const MOST_SURPLUS = 1.5;
const LEAST_OVERLAP = 0.35;

/**
 * Cuts each line as reading does, where the model finds it: once on the whole page, and once in a loose crop of it, with its neighbours'
 * feet. A line that is found only in part is left out.
 */
export function foundLineCutter(finder: PageFinder, seed: number): LineCutter {
  const random = Random.of(seed);
  return async (page, polygons) => {
    const onPage = await findLines(page, finder);
    const pieces: GrayImage[][] = [];
    for (const polygon of polygons) {
      const box = looseBox(polygon, page, random);
      const inCrop = polygon.map(([x, y]) => [x - box.left, y - box.top] as const);
      const loose = crop(page, box);
      const whole = cutMatching(page, onPage, polygon);
      pieces.push([...whole, ...cutMatching(loose, await findLines(loose, finder), inCrop)]);
    }
    return pieces;
  };
}

/** How often each kind of surroundings comes: what is hard to read through comes oftener. */
const kinds: readonly SceneKind[] = [
  ...sceneKinds,
  ...(['squares', 'squares', 'squares', 'dots', 'rules', 'frame', 'shadow', 'neighbours'] as const),
];

/** Lines amid desk, shadow, frames, squared paper and the like, as the model finds them there: so many `scenes`, evenly of all lines. */
export async function linesOfScenes(
  lines: LineDataset,
  finder: PageFinder,
  { seed, scenes, onScene }: { seed: number; scenes: number; onScene?: (done: number, scenes: number) => void },
): Promise<LineDataset> {
  const [images, infos]: [GrayImage[], LineInfo[]] = [[], []];
  for (let i = 0; i < scenes; i++) {
    const index = Math.floor((i * lines.length) / scenes);
    const random = Random.of(seed, i);
    const [above, below] = [random.below(lines.length), random.below(lines.length)].map((other) => lines.image(other));
    const kind = kinds[random.below(kinds.length)];
    const { image, polygon } = composeScene(kind, { line: lines.image(index), above, below }, random);
    for (const piece of cutMatching(image, await findLines(image, finder), polygon)) {
      images.push(lineStem(piece, { height: lines.height }));
      const { id, text, writer, page } = lines.lines[index];
      infos.push({ id: `${id}#${kind}-${i}`, text, writer, page });
    }
    onScene?.(i + 1, scenes);
  }
  return linesFromImages(`${lines.name}-scenes`, images, infos, lines.height);
}

/** The find that is the line in `polygon` from its beginning to its end, cut out; none or one. */
function cutMatching(picture: GrayImage, found: readonly FoundLine[], polygon: Polygon): GrayImage[] {
  const { pairs } = matchLines(
    found.map((line) => line.polygon),
    [polygon],
    [],
    LEAST_OVERLAP,
  );
  if (pairs.length === 0) return [];
  const line = found[pairs[0].found];
  const [wanted, seen] = [wholeBoxOf(polygon), wholeBoxOf(line.polygon)];
  const height = wanted.bottom - wanted.top;
  const surplus = [wanted.left - seen.left, seen.right - wanted.right];
  const isWhole = surplus.every((side) => side >= -MOST_MISSING * height && side <= MOST_SURPLUS * height);
  return isWhole && !line.cut ? [cutPolygon(picture, line.cutout)] : [];
}

function looseBox(polygon: Polygon, { width, height }: GrayImage, random: Random): Box {
  const { left, top, right, bottom } = wholeBoxOf(polygon);
  const by = (most: number) => Math.round((bottom - top) * random.between(0, most));
  return {
    left: Math.max(0, left - by(LOOSE.beside)),
    top: Math.max(0, top - by(LOOSE.above)),
    right: Math.min(width, right + by(LOOSE.beside)),
    bottom: Math.min(height, bottom + by(LOOSE.above)),
  };
}
