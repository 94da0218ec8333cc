import { cardPercent, type ModelCardParts } from './model-card-parts.ts';
import type { CharacterModelManifest } from './model-manifest.ts';

/** What the card of a character model says. */
export function characterModelCard({ classes, stem, multiplyAccumulates }: CharacterModelManifest): ModelCardParts {
  return {
    reads: `${classes.length} classes: \`${classes.join('')}\``,
    input: `one character, ${stem.height}×${stem.width} pixels, light ink on black; prepared by the stem from any picture`,
    work: `${(multiplyAccumulates / 1e6).toFixed(1)} M multiply-accumulates per image`,
    items: 'images',
    headings: ['data set', 'images', 'accuracy', 'case merged', 'look-alikes merged', 'calibration error'],
    cells: (m) => [
      m.count,
      ...[m.accuracy, m.accuracyCaseMerged, m.accuracyLookAlikesMerged].map(cardPercent),
      m.calibrationError?.toFixed(4),
    ],
    explanation: `*Case merged* accepts a letter in either case; *look-alikes merged* also treats 0 and O, and 1, l and I, as equal.
*Calibration error* is the expected difference between confidence and accuracy (15 bins).`,
    limits: `One upright character at a time, from the classes above. The training data are by American census workers and students of the
1990s; other styles, e.g. a European 1 or 7, are rare. Some pairs (o and O, s and S, 0 and O) look the same.`,
  };
}
