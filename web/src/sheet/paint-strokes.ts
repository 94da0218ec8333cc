import { SHEET_WIDTH, type Stroke } from './drawing.ts';

/** How strokes look; the width is in units of the sheet. */
export interface Ink {
  readonly color: string;
  readonly width: number;
}

/** Paints strokes over the whole width of the canvas: smooth curves through the middles of their points. */
export function paintStrokes(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  { color, width }: Ink,
): void {
  const scale = context.canvas.width / SHEET_WIDTH;
  context.save();
  context.scale(scale, scale);
  context.lineWidth = width;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = color;
  for (const stroke of strokes) {
    context.beginPath();
    trace(context, stroke);
    context.stroke();
  }
  context.restore();
}

function trace(context: CanvasRenderingContext2D, stroke: Stroke): void {
  const last = stroke[stroke.length - 1];
  context.moveTo(stroke[0].x, stroke[0].y);
  for (let i = 1; i < stroke.length - 1; i++) {
    const { x, y } = stroke[i];
    const next = stroke[i + 1];
    context.quadraticCurveTo(x, y, (x + next.x) / 2, (y + next.y) / 2);
  }
  // Also ends a single point, which the round cap makes a dot.
  context.lineTo(last.x, last.y);
}
