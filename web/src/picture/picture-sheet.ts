import { element } from '../element.ts';
import { contextOf } from '../reading/gray-picture.ts';
import { CropFrame } from './crop-frame.ts';
import { cutCanvas, openPicture, type Picture, turnPicture, WHOLE } from './picture.ts';
import { ZoomView } from './zoom-view.ts';

/** The picture on the stage, with its tools to turn, straighten and crop. `onChange` is called after each of them. */
export class PictureSheet {
  readonly #canvas = element('picture-canvas', HTMLCanvasElement);
  readonly #fit = element('picture-fit', HTMLElement);
  readonly #tilt = element('tilt', HTMLInputElement);
  readonly #crop: CropFrame;
  readonly #zoom = new ZoomView();
  readonly #onChange: () => void;
  #picture: Picture | undefined;
  #turned: HTMLCanvasElement | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.#crop = new CropFrame(element('crop', HTMLElement), (crop) => this.#change({ crop }));
    element('turn-left', HTMLButtonElement).addEventListener('click', () => this.#turn(3));
    element('turn-right', HTMLButtonElement).addEventListener('click', () => this.#turn(1));
    this.#tilt.addEventListener('input', () => this.#change({ tilt: this.#tilt.valueAsNumber }));
  }

  get picture(): Picture | undefined {
    return this.#picture;
  }

  /** Shows a file; throws a ReadingError and stays as it was if it is not a picture. */
  async open(file: Blob): Promise<void> {
    const picture = await openPicture(file);
    this.close();
    this.#zoom.reset();
    this.#change(picture);
  }

  close(): void {
    this.#picture?.bitmap.close();
    this.#picture = undefined;
    this.#turned = undefined;
    this.#tilt.value = '0';
  }

  /** What is inside the crop. */
  toCanvas(): HTMLCanvasElement | undefined {
    return this.#turned && this.#picture && cutCanvas(this.#turned, this.#picture.crop);
  }

  #turn(quarters: number): void {
    this.#change({ turns: ((this.#picture?.turns ?? 0) + quarters) % 4, crop: WHOLE });
  }

  #change(change: Partial<Picture>): void {
    const before = this.#picture;
    const picture = { ...before, ...change } as Picture;
    this.#picture = picture;
    this.#crop.show(picture.crop);
    if (picture.turns !== before?.turns || picture.tilt !== before.tilt) this.#paint(picture);
    this.#onChange();
  }

  #paint(picture: Picture): void {
    const turned = turnPicture(picture);
    this.#turned = turned;
    this.#canvas.width = turned.width;
    this.#canvas.height = turned.height;
    contextOf(this.#canvas).drawImage(turned, 0, 0);
    const ratio = turned.width / turned.height;
    this.#fit.style.setProperty('--ratio', String(ratio));
    this.#fit.toggleAttribute('data-wide', ratio > 2);
  }
}
