import type { GrayImage } from '../../images/gray-image.ts';

/** A dot of ink: place and radius in pixels, darkness from 0 to 1. */
export interface InkDot {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly ink: number;
}

/** A canvas for ink, white on black; where strokes cross, the darker ink stays. */
export class InkCanvas implements GrayImage {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` */
  readonly data: Uint8Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(width * height);
  }

  /**
   * Draws the way from one dot to the next with round ends, anti-aliased: a pixel is covered as far as its centre lies inside the edge,
   * and what is thinner than a pixel gets paler instead.
   */
  stroke(from: InkDot, to: InkDot): void {
    const { x: fromX, y: fromY, radius: fromRadius, ink: fromInk } = from;
    const dx = to.x - fromX;
    const dy = to.y - fromY;
    const widening = to.radius - fromRadius;
    const darkening = to.ink - fromInk;
    const perLength = 1 / Math.max(dx * dx + dy * dy, 1e-9);
    const reach = Math.max(fromRadius, to.radius) + 0.5;
    const left = Math.max(0, Math.ceil(Math.min(fromX, to.x) - reach));
    const right = Math.min(this.width - 1, Math.floor(Math.max(fromX, to.x) + reach));
    const top = Math.max(0, Math.ceil(Math.min(fromY, to.y) - reach));
    const bottom = Math.min(this.height - 1, Math.floor(Math.max(fromY, to.y) + reach));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const along = Math.max(0, Math.min(1, ((x - fromX) * dx + (y - fromY) * dy) * perLength));
        const offX = x - fromX - along * dx;
        const offY = y - fromY - along * dy;
        const radius = fromRadius + along * widening;
        const inside = radius + 0.5 - Math.sqrt(offX * offX + offY * offY);
        if (inside <= 0) continue;
        const value = 255 * (fromInk + along * darkening) * Math.min(1, inside, 2 * radius);
        const at = y * this.width + x;
        if (value > this.data[at]) this.data[at] = value;
      }
    }
  }
}
