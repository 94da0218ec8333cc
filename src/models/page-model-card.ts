import { cardPercent, type ModelCardParts } from './model-card-parts.ts';
import type { PageModelManifest } from './model-manifest.ts';

/** What the card of a page model says. */
export function pageModelCard({ stem, threshold, multiplyAccumulates }: PageModelManifest): ModelCardParts {
  return {
    reads: 'no text: finds the lines of writing in a picture, with their baselines, ascents and descents',
    input: `an unprepared picture, reduced to ${stem.pixels.toLocaleString('en')} pixels; threshold for cores of lines: ${threshold}`,
    work: `${(multiplyAccumulates / 1e9).toFixed(1)} G multiply-accumulates for a page of 736 × 960 pixels`,
    items: 'pages',
    headings: ['collection', 'pages', 'lines', 'precision', 'recall', 'F1'],
    cells: (m) => [m.pages, m.lines, ...[m.precision, m.recall, m.f1].map(cardPercent)],
    explanation: `A found line counts if its polygon and that of a line of the transcript have an intersection over union of at least 0.5; each
line of the transcript counts once. Lines found in regions that are not transcribed are ignored.`,
    limits: `Horizontal writing from left to right, rotated by a few degrees at most. Stamps, printed forms, signatures and marginal notes
may be found as lines. Neighbouring table cells may be joined.`,
  };
}
