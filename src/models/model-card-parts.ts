import type { ModelManifest } from './model-manifest.ts';

/** What a model card says of one kind of model; the rest is the same for all. */
export interface ModelCardParts {
  readonly reads: string;
  readonly input: string;
  /** Multiply-accumulates, and for what. */
  readonly work: string;
  /** What the data sets count: images, lines. */
  readonly items: string;
  /** Headings of the figures after the data set's, and the cells of one data set. */
  readonly headings: readonly string[];
  readonly cells: (figures: ModelManifest['metrics'][string]) => readonly (string | number | undefined)[];
  /** What the figures mean. */
  readonly explanation: string;
  readonly limits: string;
}

export function cardPercent(value: number | undefined): string {
  return value === undefined ? '–' : `${(100 * value).toFixed(2)} %`;
}
