import { contextOf } from '../reading/gray-picture.ts';
import type { ModelKind } from '../reading/reading.ts';
import { Drawing, PEN_WIDTHS, type Point, SHEET_WIDTH } from './drawing.ts';
import { listenToKeys } from './keyboard-pen.ts';
import { paintStrokes } from './paint-strokes.ts';
import { listenToPointer } from './pointer-pen.ts';

/** Width of the picture that is read, in pixels. */
const PICTURE_WIDTHS: Readonly<Record<ModelKind, number>> = { character: 640, line: 1280 };

/** A pen on the sheet, whichever device moves it. */
export interface Pen {
  down(point: Point): void;
  move(point: Point): void;
  up(): void;
}

/** The canvas to write on. `onChange` is called when strokes were added or taken away, not while the pen is down. */
export class DrawingSheet {
  readonly drawing = new Drawing();
  readonly #canvas: HTMLCanvasElement;
  readonly #onChange: () => void;
  #cursor: Point | undefined;
  #kind: ModelKind = 'character';

  constructor(canvas: HTMLCanvasElement, onChange: () => void, onPenDown: () => void) {
    this.#canvas = canvas;
    this.#onChange = onChange;
    const pen: Pen = {
      down: (point) => {
        this.drawing.begin(point);
        this.#paint();
        onPenDown();
      },
      move: (point) => {
        this.drawing.extend(point);
        this.#paint();
      },
      up: () => onChange(),
    };
    listenToPointer(canvas, pen, (point) => this.#toSheet(point));
    listenToKeys(
      canvas,
      pen,
      () => this.#height,
      (cursor) => {
        this.#cursor = cursor;
        this.#paint();
      },
    );
    new ResizeObserver(() => this.#fit()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#paint());
  }

  undo(): void {
    this.drawing.undo();
    this.#paint();
    this.#onChange();
  }

  clear(): void {
    this.drawing.clear();
    this.#paint();
    this.#onChange();
  }

  /** Takes the pen for a character or for a line. */
  set kind(kind: ModelKind) {
    if (kind === this.#kind) return;
    this.#kind = kind;
    this.#paint();
  }

  /** Black ink on white paper, whatever the colours of the page, with the pen that suits the reader. */
  toCanvas(kind: ModelKind): HTMLCanvasElement {
    const canvas = document.createElement('canvas');
    canvas.width = PICTURE_WIDTHS[kind];
    canvas.height = Math.round((canvas.width * this.#height) / SHEET_WIDTH);
    const context = contextOf(canvas);
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    paintStrokes(context, this.drawing.strokes, { color: '#000', width: PEN_WIDTHS[kind] });
    return canvas;
  }

  /** In units of the sheet. */
  get #height(): number {
    const { clientWidth, clientHeight } = this.#canvas;
    return clientWidth === 0 ? SHEET_WIDTH : (SHEET_WIDTH * clientHeight) / clientWidth;
  }

  #toSheet({ x, y }: Point): Point {
    const box = this.#canvas.getBoundingClientRect();
    const scale = SHEET_WIDTH / box.width;
    return { x: (x - box.left) * scale, y: (y - box.top) * scale };
  }

  #fit(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.#canvas.height = Math.round(clientHeight * devicePixelRatio);
    this.#paint();
  }

  #paint(): void {
    const context = contextOf(this.#canvas);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    const { color, outlineColor } = getComputedStyle(this.#canvas);
    const width = PEN_WIDTHS[this.#kind];
    paintStrokes(context, this.drawing.strokes, { color, width });
    if (this.#cursor) paintStrokes(context, [[this.#cursor]], { color: outlineColor, width: PEN_WIDTHS.character });
  }
}
