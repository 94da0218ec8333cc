import type { GrayImage } from '../../src/images/gray-image.ts';
import { DeviceClient } from './device/device-client.ts';
import { element } from './element.ts';
import { PictureSheet } from './picture/picture-sheet.ts';
import { takePictures } from './picture/take-pictures.ts';
import { findInkRegion } from './reading/find-ink-region.ts';
import { grayFromCanvas } from './reading/gray-picture.ts';
import { listModels } from './reading/list-models.ts';
import { type ModelKind, type Reading, ReadingError, type Region } from './reading/reading.ts';
import { readOnServer } from './reading/server-client.ts';
import { ResultView } from './result/result-view.ts';
import { Settings } from './settings.ts';
import { DrawingSheet } from './sheet/drawing-sheet.ts';

/** How long the pen may rest before what stands there is read, in milliseconds. */
const PAUSE = 450;

const HINTS: Readonly<Record<ModelKind, string>> = {
  character: 'Write one letter or digit',
  line: 'Write a line of text',
};

/** The page: a sheet or a picture, a reader, and what was read. The last change wins. */
export class App {
  readonly #drawing = new DrawingSheet(
    element('drawing', HTMLCanvasElement),
    () => this.#changed(),
    () => this.#forget(),
  );
  readonly #picture = new PictureSheet(() => this.#changed());
  readonly #result = new ResultView((region) => this.#pointAt(region));
  readonly #settings = new Settings(() => this.#readSoon(0));
  readonly #device = new DeviceClient();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading = new AbortController();

  async start(): Promise<void> {
    takePictures(
      (file) => void this.#open(file),
      (error) => this.#complain(error),
    );
    element('undo', HTMLButtonElement).addEventListener('click', () => this.#drawing.undo());
    element('clear', HTMLButtonElement).addEventListener('click', () => this.#drawing.clear());
    element('remove', HTMLButtonElement).addEventListener('click', () => this.#remove());
    window.addEventListener('online', () => void this.#offerModels());
    this.#showStage();
    await this.#offerModels();
  }

  async #offerModels(): Promise<void> {
    this.#settings.offer(await listModels());
    this.#readSoon(0);
  }

  async #open(file: Blob): Promise<void> {
    try {
      await this.#picture.open(file);
    } catch (error) {
      this.#complain(error);
    }
  }

  #remove(): void {
    this.#picture.close();
    this.#changed();
    element('drawing', HTMLCanvasElement).focus();
  }

  #changed(): void {
    this.#showStage();
    this.#readSoon(PAUSE);
  }

  /** A new stroke makes a reading that is under way worthless. */
  #forget(): void {
    clearTimeout(this.#timer);
    this.#reading.abort();
    this.#pointAt(undefined);
    element('hint', HTMLElement).hidden = true;
  }

  #showStage(): void {
    const hasPicture = this.#picture.picture !== undefined;
    const { isEmpty } = this.#drawing.drawing;
    element('drawing', HTMLCanvasElement).hidden = hasPicture;
    element('drawing-tools', HTMLElement).hidden = hasPicture;
    element('picture', HTMLElement).hidden = !hasPicture;
    element('picture-tools', HTMLElement).hidden = !hasPicture;
    element('picture-corner', HTMLElement).hidden = !hasPicture;
    element('hint', HTMLElement).hidden = hasPicture || !isEmpty;
    element('hint-main', HTMLElement).textContent = HINTS[this.#settings.kind];
    element('stage', HTMLElement).dataset.kind = this.#settings.kind;
    element('undo', HTMLButtonElement).disabled = isEmpty;
    element('clear', HTMLButtonElement).disabled = isEmpty;
  }

  #readSoon(pause: number): void {
    this.#forget();
    this.#showStage();
    this.#timer = setTimeout(() => void this.#read(), pause);
  }

  async #read(): Promise<void> {
    const canvas = this.#picture.toCanvas() ?? (this.#drawing.drawing.isEmpty ? undefined : this.#drawing.toCanvas());
    element('problem', HTMLElement).hidden = true;
    if (this.#settings.model === '') return;
    if (canvas === undefined) return await this.#prepare();
    const { signal } = (this.#reading = new AbortController());
    this.#result.wait();
    try {
      const reading = await this.#readWith(grayFromCanvas(canvas), signal);
      if (!signal.aborted) this.#result.show(reading);
    } catch (error) {
      if (!signal.aborted) this.#complain(error);
    }
  }

  async #readWith(image: GrayImage, signal: AbortSignal): Promise<Reading> {
    const { place, model } = this.#settings;
    if (findInkRegion(image) === undefined) {
      throw new ReadingError('There is no writing to be found in this picture. Crop it closer, or write more firmly.');
    }
    if (place === 'server') return await readOnServer(image, model, signal);
    await this.#loadOnDevice();
    return await this.#device.read(image, model);
  }

  /** With nothing to read yet, what reading on the device needs can come already. */
  async #prepare(): Promise<void> {
    this.#result.clear();
    if (this.#settings.place === 'device') await this.#loadOnDevice().catch((error) => this.#complain(error));
  }

  async #loadOnDevice(): Promise<void> {
    try {
      await this.#device.load(this.#settings.model, (loaded, total) => this.#settings.showLoading(loaded, total));
    } finally {
      this.#settings.hideLoading();
    }
  }

  #complain(error: unknown): void {
    if (!(error instanceof ReadingError)) console.error(error);
    const problem = element('problem', HTMLElement);
    problem.textContent = error instanceof Error ? error.message : String(error);
    problem.hidden = false;
    this.#result.clear();
  }

  /** Marks a part of what was read; within a picture, shares are those of its crop. */
  #pointAt(region: Region | undefined): void {
    const mark = element('read-here', HTMLElement);
    mark.hidden = region === undefined;
    if (region === undefined) return;
    const outer = element(this.#picture.picture ? 'picture-fit' : 'drawing', HTMLElement);
    const crop = this.#picture.picture?.crop ?? { left: 0, top: 0, right: 1, bottom: 1 };
    const x = (share: number) => outer.offsetLeft + outer.offsetWidth * (crop.left + share * (crop.right - crop.left));
    const y = (share: number) => outer.offsetTop + outer.offsetHeight * (crop.top + share * (crop.bottom - crop.top));
    mark.style.left = `${x(region.left)}px`;
    mark.style.top = `${y(region.top)}px`;
    mark.style.width = `${x(region.right) - x(region.left)}px`;
    mark.style.height = `${y(region.bottom) - y(region.top)}px`;
  }
}
