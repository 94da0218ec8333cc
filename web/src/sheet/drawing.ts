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

  /** Width of what was drawn for its height; 1 while there is nothing. */
  get ratio(): number {
    if (this.isEmpty) return 1;
    const points = this.#strokes.flat();
    const pen = PEN_WIDTHS.character;
    const [width, height] = [spread(points.map(({ x }) => x)), spread(points.map(({ y }) => y))];
    return (width + pen) / (height + pen);
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

function spread(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
}
