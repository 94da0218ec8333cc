import type { Pen } from './drawing-sheet.ts';
import type { Point } from './drawing.ts';

/** Lets a mouse, a finger or a stylus move the pen; while one is down, others (a resting palm) are not heard. */
export function listenToPointer(canvas: HTMLCanvasElement, pen: Pen, toSheet: (client: Point) => Point): void {
  let active: number | undefined;
  const at = ({ clientX, clientY }: PointerEvent) => toSheet({ x: clientX, y: clientY });

  canvas.addEventListener('pointerdown', (event) => {
    if (active !== undefined || event.button !== 0) return;
    active = event.pointerId;
    canvas.setPointerCapture(active);
    pen.down(at(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (event.pointerId !== active) return;
    for (const each of passedBy(event)) pen.move(at(each));
  });
  for (const end of ['pointerup', 'pointercancel'] as const) {
    canvas.addEventListener(end, (event) => {
      if (event.pointerId !== active) return;
      active = undefined;
      pen.up();
    });
  }
}

/** Where the pointer was since the last event; browsers tell that on https and localhost only, elsewhere the event stands for all. */
function passedBy(event: PointerEvent): readonly PointerEvent[] {
  const passed = 'getCoalescedEvents' in event ? event.getCoalescedEvents() : [];
  return passed.length > 0 ? passed : [event];
}
