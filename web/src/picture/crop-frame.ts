import type { Region } from '../reading/reading.ts';
import { WHOLE } from './picture.ts';

/** The least share of a side that stays. */
const LEAST = 0.05;
/** What an arrow key moves; more with the shift key. */
const STEP = 0.01;
const LARGE_STEP = 0.05;

type Edge = keyof Region;

const arrows: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * The frame around the part of a picture that is read. Its corners are buttons with `data-edges`, e.g. `left top`,
 * which a pointer drags and the arrow keys move; the frame itself has all four edges and so moves as a whole.
 */
export class CropFrame {
  readonly #frame: HTMLElement;
  readonly #onChange: (crop: Region) => void;
  #crop: Region = WHOLE;

  constructor(frame: HTMLElement, onChange: (crop: Region) => void) {
    this.#frame = frame;
    this.#onChange = onChange;
    for (const grip of [frame, ...frame.querySelectorAll<HTMLElement>('[data-edges]')]) {
      const edges = (grip.dataset.edges ?? '').split(' ') as Edge[];
      this.#listenToPointer(grip, edges);
      if (grip !== frame) this.#listenToKeys(grip, edges);
    }
    this.show(WHOLE);
  }

  /** Shows a crop without reporting it. */
  show(crop: Region): void {
    this.#crop = crop;
    // Where there is no room to move the whole frame to, a finger scrolls.
    this.#frame.toggleAttribute('data-whole', isSame(crop, WHOLE));
    for (const edge of Object.keys(crop) as Edge[]) {
      this.#frame.style.setProperty(`--${edge}`, String(crop[edge]));
    }
  }

  #listenToPointer(grip: HTMLElement, edges: readonly Edge[]): void {
    grip.addEventListener('pointerdown', (down) => {
      if (down.button !== 0 || down.target !== grip) return;
      grip.setPointerCapture(down.pointerId);
      const start = this.#crop;
      const { width, height } = this.#frame.parentElement!.getBoundingClientRect();
      const drag = (event: PointerEvent) => {
        const [x, y] = [(event.clientX - down.clientX) / width, (event.clientY - down.clientY) / height];
        this.#change(moved(start, edges, x, y));
      };
      const end = new AbortController();
      // Two fingers zoom.
      document.addEventListener('touchstart', ({ touches }) => touches.length > 1 && end.abort(), {
        signal: end.signal,
        passive: true,
      });
      grip.addEventListener('pointermove', drag, { signal: end.signal });
      for (const name of ['pointerup', 'pointercancel'] as const) {
        grip.addEventListener(name, () => end.abort(), { signal: end.signal });
      }
    });
  }

  #listenToKeys(grip: HTMLElement, edges: readonly Edge[]): void {
    grip.addEventListener('keydown', (event) => {
      const arrow = arrows[event.key];
      if (arrow === undefined) return;
      event.preventDefault();
      const step = event.shiftKey ? LARGE_STEP : STEP;
      this.#change(moved(this.#crop, edges, arrow[0] * step, arrow[1] * step));
    });
  }

  #change(crop: Region): void {
    if (isSame(crop, this.#crop)) return;
    this.show(crop);
    this.#onChange(crop);
  }
}

/** `crop` with some edges moved, within the picture and never smaller than the least size. */
export function moved(crop: Region, edges: readonly Edge[], x: number, y: number): Region {
  if (edges.length === 4) {
    const dx = clamp(x, -crop.left, 1 - crop.right);
    const dy = clamp(y, -crop.top, 1 - crop.bottom);
    return { left: crop.left + dx, top: crop.top + dy, right: crop.right + dx, bottom: crop.bottom + dy };
  }
  const at = { ...crop };
  if (edges.includes('left')) at.left = clamp(crop.left + x, 0, crop.right - LEAST);
  if (edges.includes('right')) at.right = clamp(crop.right + x, crop.left + LEAST, 1);
  if (edges.includes('top')) at.top = clamp(crop.top + y, 0, crop.bottom - LEAST);
  if (edges.includes('bottom')) at.bottom = clamp(crop.bottom + y, crop.top + LEAST, 1);
  return at;
}

function isSame(a: Region, b: Region): boolean {
  return a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
