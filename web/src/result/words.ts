import type { LineReading } from '../../../src/reading/reading.ts';

export type Certainty = 'sure' | 'likely' | 'unsure';

/** `97 %`; never 100 % or 0 % for what is not quite so. */
export function percent(share: number): string {
  if (share > 0.995 && share < 1) return '> 99 %';
  if (share < 0.005 && share > 0) return '< 1 %';
  return `${Math.round(100 * share)} %`;
}

/** `12 ms` or `1.4 s`. */
export function seconds(milliseconds: number): string {
  if (milliseconds < 1) return '< 1 ms';
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** `15 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e6 ? 1 : 0)} MB`;
}

/** How a confidence is coloured. */
export function certainty(confidence: number): Certainty {
  if (confidence >= 0.9) return 'sure';
  return confidence >= 0.6 ? 'likely' : 'unsure';
}

/** How a line is coloured: by its usual word, since a long line is seldom right as a whole. */
export function lineCertainty({ words, confidence }: Pick<LineReading, 'words' | 'confidence'>): Certainty {
  if (words.length === 0) return certainty(confidence);
  return certainty(words.reduce((sum, word) => sum + word.confidence, 0) / words.length);
}

/** A blank says nothing to a screen reader. */
export function spoken(text: string): string {
  return text === ' ' ? 'space' : text;
}
