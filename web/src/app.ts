import { DeviceClient } from './device/device-client.ts';
import { gpuSettingsHere } from './device/gpu-settings.ts';
import { element } from './element.ts';
import { offerExamples } from './picture/examples.ts';
import { PictureSheet } from './picture/picture-sheet.ts';
import { takePictures } from './picture/take-pictures.ts';
import { findInkRegion } from './reading/find-ink-region.ts';
import { grayFromCanvas } from './reading/gray-picture.ts';
import { listModels } from './reading/list-models.ts';
import { KeyError, type ModelEntry, noWriting, type Reading, ReadingError } from './reading/reading.ts';
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

  get #model(): ModelEntry | undefined {
    return this.#settings.modelFor(this.#picture.ratio ?? this.#drawing.drawing.ratio);
  }

  /** A new stroke makes a reading that is under way worthless. */
  #forget(): void {
    clearTimeout(this.#timer);
    this.#reading.abort();
    this.#stage.mark({});
    this.#stage.hideHint();
  }

  #readSoon(pause: number): void {
    const model = this.#model;
    this.#forget();
    // The shape of a picture is known; that of what is being written may change.
    this.#stage.show(this.#picture.picture ? model?.kind : this.#settings.kind);
    this.#settings.offerDecoders(model);
    this.#settings.describe(model);
    this.#timer = setTimeout(() => void this.#read(model), pause);
  }

  async #read(model: ModelEntry | undefined): Promise<void> {
    element('problem', HTMLElement).hidden = true;
    if (model === undefined) return;
    const canvas = this.#stage.toCanvas(model.kind);
    if (canvas === undefined) return await this.#prepare(model);
    const { signal } = (this.#reading = new AbortController());
    this.#result.wait();
    try {
      const reading = await this.#readWith(model, canvas, signal);
      if (!signal.aborted) this.#result.show(reading, model.licence);
    } catch (error) {
      if (!signal.aborted) this.#complain(error);
    }
  }

  async #readWith(model: ModelEntry, canvas: HTMLCanvasElement, signal: AbortSignal): Promise<Reading> {
    const image = grayFromCanvas(canvas);
    if (model.kind === 'character' && findInkRegion(image) === undefined) throw noWriting();
    const reading = await this.#readAt(model, image, signal);
    if (reading.text === '') throw noWriting();
    return reading;
  }

  async #readAt(model: ModelEntry, image: ReturnType<typeof grayFromCanvas>, signal: AbortSignal): Promise<Reading> {
    const { place, decoder } = this.#settings;
    if (place === 'server') return await readOnServer(image, { model, decoder }, signal);
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
