import { element } from '../element.ts';

const MOST = 8;
const STEP = 1.5;

/** A point of the window, in CSS pixels. */
interface At {
  readonly x: number;
  readonly y: number;
}

/** Zooms into the picture with two fingers, Ctrl and the wheel, buttons, or the keys + and −; scrolling pans. */
export class ZoomView {
  readonly #view = element('picture', HTMLElement);
  readonly #fit = element('picture-fit', HTMLElement);
  readonly #in = element('zoom-in', HTMLButtonElement);
  readonly #out = element('zoom-out', HTMLButtonElement);
  #zoom = 1;

  constructor() {
    this.#in.addEventListener('click', () => this.#zoomBy(STEP));
    this.#out.addEventListener('click', () => this.#zoomBy(1 / STEP));
    this.#view.addEventListener('keydown', ({ key }) => {
      if (key === '+' || key === '=') this.#zoomBy(STEP);
      if (key === '-') this.#zoomBy(1 / STEP);
    });
    // A pinch on a touch pad is the wheel with Ctrl, too.
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.#zoomBy(Math.exp(-event.deltaY / 200), { x: event.clientX, y: event.clientY });
    };
    this.#view.addEventListener('wheel', onWheel, { passive: false });
    this.#listenToPinch();
    this.reset();
  }

  /** Shows the whole picture. */
  reset(): void {
    this.#zoom = 1;
    this.#show();
  }

  #listenToPinch(): void {
    let last: (At & { readonly distance: number }) | undefined;
    this.#view.addEventListener('touchstart', ({ touches }) => (last = pinchOf(touches)), { passive: true });
    this.#view.addEventListener('touchend', ({ touches }) => (last = pinchOf(touches)), { passive: true });
    const onMove = (event: TouchEvent) => {
      const pinch = pinchOf(event.touches);
      if (pinch === undefined || last === undefined) return;
      event.preventDefault();
      this.#view.scrollBy(last.x - pinch.x, last.y - pinch.y);
      this.#zoomBy(pinch.distance / last.distance, pinch);
      last = pinch;
    };
    this.#view.addEventListener('touchmove', onMove, { passive: false });
  }

  /** Zooms so that what is at a point stays there, or in the middle. */
  #zoomBy(factor: number, at = middleOf(this.#view.getBoundingClientRect())): void {
    const before = this.#fit.getBoundingClientRect();
    const share = { x: (at.x - before.left) / before.width, y: (at.y - before.top) / before.height };
    this.#zoom = Math.max(1, Math.min(MOST, this.#zoom * factor));
    this.#show();
    const after = this.#fit.getBoundingClientRect();
    this.#view.scrollBy(after.left + share.x * after.width - at.x, after.top + share.y * after.height - at.y);
  }

  #show(): void {
    this.#fit.style.setProperty('--zoom', String(this.#zoom));
    this.#in.disabled = this.#zoom === MOST;
    this.#out.disabled = this.#zoom === 1;
  }
}

function middleOf({ left, top, width, height }: DOMRect): At {
  return { x: left + width / 2, y: top + height / 2 };
}

/** The middle and the distance of two fingers; undefined with more or fewer. */
function pinchOf({ length, 0: a, 1: b }: TouchList): (At & { readonly distance: number }) | undefined {
  if (length !== 2) return undefined;
  const distance = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  return { x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2, distance };
}
