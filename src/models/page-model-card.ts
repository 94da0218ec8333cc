import { cardPercent, type ModelCardParts } from './model-card-parts.ts';
import type { PageModelManifest } from './model-manifest.ts';

/** What the card of a page model says. */
export function pageModelCard({ stem, threshold, multiplyAccumulates }: PageModelManifest): ModelCardParts {
  return {
    reads: 'nothing: it finds the lines of writing in a picture, each with its baseline and its reach above and below',
    input: `a picture as it was taken, shrunk to ${stem.pixels.toLocaleString('en')} pixels; cores of lines are seen from a probability of ${threshold} on`,
    work: `${(multiplyAccumulates / 1e9).toFixed(1)} G multiply-accumulates for a page of 736 × 960 pixels`,
    items: 'pages',
    headings: ['pages of', 'pages', 'lines', 'precision', 'recall', 'F1'],
    cells: (m) => [m.pages, m.lines, ...[m.precision, m.recall, m.f1].map(cardPercent)],
    explanation: `A line is found where the polygon around it and that of the transcript share at least half of their union; one line of the
transcript counts for one that is found. Finds in regions that are not transcribed do not count.`,
    limits: `Writing in lines from left to right, upright or turned by a few degrees. Stamps, printed forms, signatures and notes at the rim
may be found as lines. Table cells that stand close may be joined.`,
  };
}
