import { type Content, findContent } from '../../src/reading/find-content.ts';
import { element } from './element.ts';
import type { PictureSheet } from './picture/picture-sheet.ts';
import { WHOLE } from './picture/picture.ts';
import { grayFromCanvas } from './reading/gray-picture.ts';
import type { ModelKind, Region } from './reading/reading.ts';
import type { DrawingSheet } from './sheet/drawing-sheet.ts';

const HINTS: Readonly<Record<ModelKind, string>> = {
  character: 'Write one letter or digit',
  line: 'Write a line of text',
};
const OPEN_HINT = 'Write a letter or a line';

/** What of a reading is pointed at. */
export interface Pointed {
  readonly character?: Region;
  readonly word?: Region;
}

/** The place of the sheet and of the picture that covers it. */
export class Stage {
  readonly #drawing: DrawingSheet;
  readonly #picture: PictureSheet;

  constructor(drawing: DrawingSheet, picture: PictureSheet) {
    this.#drawing = drawing;
    this.#picture = picture;
  }

  /** Shows the picture if there is one, otherwise the sheet, in the shape for characters or lines. */
  show(kind: ModelKind | undefined): void {
    const hasPicture = this.#picture.picture !== undefined;
    const { isEmpty } = this.#drawing.drawing;
    element('drawing', HTMLCanvasElement).hidden = hasPicture;
    element('drawing-tools', HTMLElement).hidden = hasPicture;
    for (const id of ['picture', 'picture-tools', 'picture-corner']) element(id, HTMLElement).hidden = !hasPicture;
    element('hint', HTMLElement).hidden = hasPicture || !isEmpty;
    element('hint-main', HTMLElement).textContent = kind ? HINTS[kind] : OPEN_HINT;
    element('stage', HTMLElement).dataset.kind = kind ?? 'character';
    this.#drawing.kind = kind ?? 'character';
    element('undo', HTMLButtonElement).disabled = isEmpty;
    element('clear', HTMLButtonElement).disabled = isEmpty;
  }

  hideHint(): void {
    element('hint', HTMLElement).hidden = true;
  }

  /** What is in the picture or on the sheet; undefined while there is nothing. */
  get content(): Content | undefined {
    const canvas = this.toCanvas('line');
    return canvas && findContent(grayFromCanvas(canvas));
  }

  /** What is to be read; undefined while there is nothing. */
  toCanvas(kind: ModelKind): HTMLCanvasElement | undefined {
    return this.#picture.toCanvas() ?? (this.#drawing.drawing.isEmpty ? undefined : this.#drawing.toCanvas(kind));
  }

  /** Marks parts of what was read; within a picture, shares are those of its crop. */
  mark({ character, word }: Pointed): void {
    this.#lay(element('read-word', HTMLElement), word);
    this.#lay(element('read-here', HTMLElement), character);
  }

  #lay(mark: HTMLElement, region: Region | undefined): void {
    mark.hidden = region === undefined;
    if (region === undefined) return;
    const crop = this.#picture.picture?.crop ?? WHOLE;
    const x = (share: number) => 100 * (crop.left + share * (crop.right - crop.left));
    const y = (share: number) => 100 * (crop.top + share * (crop.bottom - crop.top));
    mark.style.left = `${x(region.left)}%`;
    mark.style.top = `${y(region.top)}%`;
    mark.style.width = `${x(region.right) - x(region.left)}%`;
    mark.style.height = `${y(region.bottom) - y(region.top)}%`;
    // Within the picture, to move with it.
    element(this.#picture.picture ? 'picture-fit' : 'stage', HTMLElement).append(mark);
  }
}
