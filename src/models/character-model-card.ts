import { cardPercent, type ModelCardParts } from './model-card-parts.ts';
import type { CharacterModelManifest } from './model-manifest.ts';

/** What the card of a character model says. */
export function characterModelCard({ classes, stem, multiplyAccumulates }: CharacterModelManifest): ModelCardParts {
  return {
    reads: `${classes.length} classes: \`${classes.join('')}\``,
    input: `one character, ${stem.height}×${stem.width} pixels, light ink on black; the stem makes it from any image`,
    work: `${(multiplyAccumulates / 1e6).toFixed(1)} M multiply-accumulates an image`,
    items: 'images',
    headings: ['data set', 'images', 'accuracy', 'case merged', 'look-alikes merged', 'calibration error'],
    cells: (m) => [
      m.count,
      ...[m.accuracy, m.accuracyCaseMerged, m.accuracyLookAlikesMerged].map(cardPercent),
      m.calibrationError?.toFixed(4),
    ],
    explanation: `*Case merged* counts a letter as right in either case; *look-alikes merged* also takes 0 and O, and 1, l and I, as one.
*Calibration error* is the expected difference between confidence and accuracy (15 bins).`,
    limits: `One character at a time, upright, of the classes above. Handwriting of American census workers and students of the 1990s;
other styles, e.g. a European 1 or 7, are rarer in it. Some pairs (o and O, s and S, 0 and O) cannot be told apart by sight.`,
  };
}
