import { cardPercent, type ModelCardParts } from './model-card-parts.ts';
import type { LineModelManifest } from './model-manifest.ts';

/** What the card of a line model says. */
export function lineModelCard({ alphabet, stem, multiplyAccumulates }: LineModelManifest): ModelCardParts {
  return {
    reads: `one line of handwriting, ${[...alphabet].length} characters: \`\` ${alphabet} \`\``,
    input: `${stem.height} pixels high, any width up to ${stem.maxWidth}, light ink on black; prepared by the stem from any picture`,
    work: `${(multiplyAccumulates / 1e6).toFixed(0)} M multiply-accumulates for 1,024 pixels`,
    items: 'lines',
    headings: ['data set, decoder', 'lines', 'CER', 'WER', 'line accuracy', 'without error', 'calibration error'],
    cells: (m) => [
      m.lines,
      ...[m.cer, m.wer, m.lineAccuracy, m.exact].map(cardPercent),
      `${m.characterCalibrationError?.toFixed(3)} / ${m.wordCalibrationError?.toFixed(3)}`,
    ],
    explanation: `*CER* and *WER* are all edits over all characters or words. *Line accuracy* is the mean over lines of 1 − edits / length.
*Calibration error* is the expected difference between a character's or word's confidence and its accuracy (15 bins).
Texts are compared in the characters above; typographic quotes and dashes count as plain ones.`,
    limits: `One line at a time, in Latin letters, English or French; other languages as far as the characters above suffice. Pages must be cut into
lines first. Hands and periods that differ from the training data are read less accurately.`,
  };
}
