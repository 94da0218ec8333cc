import type { Pen } from './drawing-sheet.ts';
import { type Point, SHEET_WIDTH } from './drawing.ts';

/** Units of the sheet that one key press moves; less with the shift key. */
const STEP = 30;
const SMALL_STEP = 10;

const directions: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Lets the arrow keys move the pen; the space bar puts it down and lifts it, and leaving the sheet lifts it too. */
export function listenToKeys(
  canvas: HTMLCanvasElement,
  pen: Pen,
  height: () => number,
  showCursor: (cursor: Point | undefined) => void,
): void {
  let cursor: Point | undefined;
  let isDown = false;

  const lift = () => {
    if (isDown) pen.up();
    isDown = false;
  };
  const move = (by: Point, step: number) => {
    const from = cursor ?? { x: SHEET_WIDTH / 2, y: height() / 2 };
    cursor = { x: clamp(from.x + by.x * step, SHEET_WIDTH), y: clamp(from.y + by.y * step, height()) };
    if (isDown) pen.move(cursor);
    showCursor(cursor);
  };
  const toggle = () => {
    if (isDown) return lift();
    cursor ??= { x: SHEET_WIDTH / 2, y: height() / 2 };
    isDown = true;
    pen.down(cursor);
    showCursor(cursor);
  };

  canvas.addEventListener('keydown', (event) => {
    const direction = directions[event.key];
    if (direction) move(direction, event.shiftKey ? SMALL_STEP : STEP);
    else if (event.key === ' ' && !event.repeat) toggle();
    else return;
    event.preventDefault();
  });
  canvas.addEventListener('blur', () => {
    lift();
    cursor = undefined;
    showCursor(undefined);
  });
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
