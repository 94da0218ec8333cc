import type { ModelKind } from '../reading/reading.ts';

/** Where the pen was, in units of the sheet: it is 1000 wide. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Stroke = readonly Point[];

/** Width of the sheet, and of the pens for one character and for a line of them, in its units. */
export const SHEET_WIDTH = 1000;
export const PEN_WIDTHS: Readonly<Record<ModelKind, number>> = { character: 26, line: 10 };

/** What has been drawn: strokes that can be taken back one by one. */
export class Drawing {
  #strokes: Point[][] = [];

  get strokes(): readonly Stroke[] {
    return this.#strokes;
  }

  get isEmpty(): boolean {
    return this.#strokes.length === 0;
  }

  begin(point: Point): void {
    this.#strokes.push([point]);
  }

  extend(point: Point): void {
    this.#strokes.at(-1)?.push(point);
  }

  undo(): void {
    this.#strokes.pop();
  }

  clear(): void {
    this.#strokes = [];
  }
}
