import type { GrayImage } from '../../src/images/gray-image.ts';
import { DeviceClient } from './device/device-client.ts';
import { gpuSettingsHere } from './device/gpu-settings.ts';
import { element } from './element.ts';
import { offerExamples } from './picture/examples.ts';
import { PictureSheet } from './picture/picture-sheet.ts';
import { takePictures } from './picture/take-pictures.ts';
import { grayFromCanvas } from './reading/gray-picture.ts';
import { listModels } from './reading/list-models.ts';
import {
  KeyError,
  type ModelEntry,
  type ModelKind,
  noWriting,
  type PlacedReading,
  ReadingError,
} from './reading/reading.ts';
import { readOnServer } from './reading/read-on-server.ts';
import { ResultView } from './result/result-view.ts';
import { Settings } from './settings.ts';
import { DrawingSheet } from './sheet/drawing-sheet.ts';
import { Stage } from './stage.ts';

/** How long the pen may rest before what is there is read, in milliseconds. */
const PAUSE = 450;

/** The page: a sheet or a picture, a reader, and what was read. The last change wins. */
export class App {
  readonly #drawing = new DrawingSheet(
    element('drawing', HTMLCanvasElement),
    () => this.#readSoon(PAUSE),
    () => this.#forget(),
  );
  readonly #picture = new PictureSheet(() => this.#readSoon(PAUSE));
  readonly #stage = new Stage(this.#drawing, this.#picture);
  readonly #result = new ResultView((pointed) => this.#stage.mark(pointed));
  readonly #settings = new Settings(
    () => this.#readSoon(0),
    () => void this.#offerModels(),
  );
  readonly #device = new DeviceClient(gpuSettingsHere(), (engine, end) => this.#settings.showEngine(engine, end));
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading = new AbortController();
  /** What was read last. */
  #kind: ModelKind | undefined;

  async start(): Promise<void> {
    offerExamples(
      (file) => void this.#open(file),
      (error) => this.#complain(error),
    );
    takePictures(
      (file) => void this.#open(file),
      (error) => this.#complain(error),
    );
    element('undo', HTMLButtonElement).addEventListener('click', () => this.#drawing.undo());
    element('clear', HTMLButtonElement).addEventListener('click', () => this.#drawing.clear());
    element('remove', HTMLButtonElement).addEventListener('click', () => this.#remove());
    window.addEventListener('online', () => void this.#offerModels());
    this.#stage.show(this.#settings.kind);
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
    this.#readSoon(PAUSE);
    element('drawing', HTMLCanvasElement).focus();
  }

  /** A new stroke makes a reading that is under way worthless. */
  #forget(): void {
    clearTimeout(this.#timer);
    this.#reading.abort();
    this.#stage.mark({});
    this.#result.hideOutlines();
    this.#stage.hideHint();
  }

  #readSoon(pause: number): void {
    this.#forget();
    this.#stage.show(this.#picture.picture ? this.#kind : this.#settings.kind);
    this.#timer = setTimeout(() => void this.#read(), pause);
  }

  async #read(): Promise<void> {
    element('problem', HTMLElement).hidden = true;
    const content = this.#stage.content;
    const model = this.#settings.modelFor(content ?? 'character');
    this.#settings.offerDecoders(model);
    this.#settings.describe(model);
    if (model === undefined) return;
    if (content === undefined) return await this.#prepare(model);
    this.#kind = model.kind;
    if (this.#picture.picture) this.#stage.show(model.kind);
    const { signal } = (this.#reading = new AbortController());
    this.#result.wait();
    try {
      if (content === 'blank') throw noWriting();
      const canvas = this.#stage.toCanvas(model.kind)!;
      const placed = await this.#readAt(model, grayFromCanvas(canvas), signal);
      if (placed.reading.text === '') throw noWriting();
      if (signal.aborted) return;
      const reader = this.#settings.named(placed.reading.model);
      if (reader !== undefined) this.#settings.describe(reader);
      this.#result.show(placed, canvas);
    } catch (error) {
      if (!signal.aborted) this.#complain(error);
    }
  }

  async #readAt(model: ModelEntry, image: GrayImage, signal: AbortSignal): Promise<PlacedReading> {
    const { place, decoder, isAutomatic } = this.#settings;
    if (place === 'server') {
      // The server sees better than this page what a picture holds. A decoder that was chosen is one of this model.
      const first = model.decoders?.[0];
      const isFree = isAutomatic && this.#picture.picture !== undefined && (decoder ?? first) === first;
      return await readOnServer(image, isFree ? {} : { model, decoder }, signal);
    }
    await this.#loadOnDevice(model);
    return await this.#device.read(image, model.name);
  }

  /** With nothing to read yet, what reading on the device needs can come already. */
  async #prepare(model: ModelEntry): Promise<void> {
    this.#result.clear();
    if (this.#settings.place === 'device') await this.#loadOnDevice(model).catch((error) => this.#complain(error));
  }

  async #loadOnDevice({ name }: ModelEntry): Promise<void> {
    try {
      await this.#device.load(name, (loaded, total) => this.#settings.showLoading(loaded, total));
    } finally {
      this.#settings.hideLoading();
    }
  }

  #complain(error: unknown): void {
    if (!(error instanceof ReadingError)) console.error(error);
    if (error instanceof KeyError) this.#settings.askForKey();
    const problem = element('problem', HTMLElement);
    problem.textContent = error instanceof Error ? error.message : String(error);
    problem.hidden = false;
    this.#result.clear();
  }
}
