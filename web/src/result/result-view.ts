import { isFreeLicence } from '../../../src/models/model-licence.ts';
import type { Polygon, Reading } from '../../../src/reading/reading.ts';
import { element } from '../element.ts';
import { cutCanvas } from '../picture/picture.ts';
import { contextOf } from '../reading/gray-picture.ts';
import type { Engine, Place, PlacedReading } from '../reading/reading.ts';
import { regionOf } from '../reading/region-of.ts';
import type { Pointed } from '../stage.ts';
import { copyText } from './copy-text.ts';
import { correctedReading } from './corrected-reading.ts';
import { CorrectionForm } from './correction-form.ts';
import { downloadReading } from './download-reading.ts';
import { LineList } from './line-list.ts';
import { LineOutlines } from './line-outlines.ts';
import { LineView } from './line-view.ts';
import { percent, seconds } from './words.ts';

const WHERE: Readonly<Record<Place, string>> = {
  server: 'on the server',
  device: 'on this device',
};

const ENGINES: Readonly<Record<Engine, string>> = { webgpu: 'WebGPU', wasm: 'WebAssembly' };

type Size = Pick<Reading, 'width' | 'height'>;

/**
 * Shows what was read: a character or line at once, the lines of a page as a list, of which one is open. `onPoint` is called with the
 * places of the character that is pointed at and its word.
 */
export class ResultView {
  readonly #reading = element('reading', HTMLElement);
  readonly #view = element('line-view', HTMLElement);
  readonly #correction = element('correction', HTMLInputElement);
  readonly #announcement = element('announcement', HTMLElement);
  readonly #form = new CorrectionForm(() => this.#texts.join('\n'));
  readonly #line: LineView;
  readonly #list: LineList;
  readonly #outlines: LineOutlines;
  readonly #onPoint: (pointed: Pointed) => void;
  #shown: PlacedReading | undefined;
  #picture: HTMLCanvasElement | undefined;
  /** The lines' texts, as read or as corrected. */
  #texts: string[] = [];
  /** Which line is open. */
  #open: number | undefined;

  constructor(onPoint: (pointed: Pointed) => void) {
    this.#onPoint = onPoint;
    this.#line = new LineView((character, word) => {
      const at = (part: typeof character) => part && this.#shown && regionOf(part.polygon, this.#shown.reading);
      onPoint({ character: at(character), word: at(word) });
    });
    const events = {
      onPoint: (index: number | undefined) => {
        this.#list.point(index);
        this.#outlines.point(index);
      },
      onSelect: (index: number) => this.#openLine(index === this.#open ? undefined : index),
    };
    this.#list = new LineList(element('lines', HTMLElement), events);
    this.#outlines = new LineOutlines(element('line-outlines', SVGSVGElement), events);
    this.#correction.addEventListener('input', () => this.#correct(this.#correction.value));
    this.#copyWith(element('copy', HTMLButtonElement), () => this.#texts.join('\n'));
    this.#copyWith(element('copy-line', HTMLButtonElement), () => this.#texts[this.#open ?? 0]);
    element('download', HTMLButtonElement).addEventListener('click', () => {
      const format = element('format', HTMLSelectElement).value;
      if (this.#shown) downloadReading(correctedReading(this.#shown.reading, this.#texts), format);
    });
  }

  /** While a reading is under way, the last one stays, paler. */
  wait(): void {
    this.#reading.dataset.state = this.#shown ? 'waiting' : 'empty';
  }

  /** The picture is another one, or cut otherwise: outlines of its lines would be elsewhere. */
  hideOutlines(): void {
    this.#outlines.hide();
  }

  clear(): void {
    this.#shown = undefined;
    this.#reading.dataset.state = 'empty';
    this.#announcement.textContent = '';
    this.#outlines.hide();
    this.#onPoint({});
  }

  /** Shows what was read in a picture. */
  show(placed: PlacedReading, picture: HTMLCanvasElement): void {
    const { reading } = placed;
    const isPage = reading.lines.length > 1;
    this.#shown = placed;
    this.#picture = picture;
    this.#texts = reading.lines.map(({ text }) => text);
    this.#reading.dataset.state = 'shown';
    this.#form.begin(placed.requestId);
    // The list is made anew, and the view may be in it.
    element('lines', HTMLElement).after(this.#view);
    this.#list.show(isPage ? reading.lines : []);
    this.#outlines.show(reading, isPage ? reading.lines : []);
    this.#openLine(isPage ? undefined : 0);
    element('copy-line', HTMLButtonElement).hidden = !isPage;
    element('timing', HTMLElement).textContent = timing(placed);
    const terms = element('terms', HTMLElement);
    terms.hidden = isFreeLicence(reading.licence);
    terms.textContent = `${reading.model} is not free for every use. Its licence: ${reading.licence}.`;
    this.#announcement.textContent = `Read: ${reading.text}, ${percent(reading.confidence)} sure.`;
  }

  #openLine(index: number | undefined): void {
    const reading = this.#shown!.reading;
    this.#open = index;
    this.#view.hidden = index === undefined;
    this.#outlines.open(index);
    if (index !== undefined) {
      const [line, isPage] = [reading.lines[index], reading.lines.length > 1];
      this.#line.show(line, isPage ? undefined : reading);
      this.#correction.value = this.#texts[index];
      const strip = element('line-picture', HTMLCanvasElement);
      strip.hidden = !isPage;
      if (isPage) paintLine(strip, this.#picture!, line.polygon, reading);
    }
    this.#list.open(index, this.#view);
  }

  #correct(text: string): void {
    if (this.#open === undefined) return;
    this.#texts[this.#open] = text;
    this.#list.correct(this.#open, text);
    this.#form.offer(this.#shown!.reading.lines.some((line, i) => line.text !== this.#texts[i]));
  }

  #copyWith(button: HTMLButtonElement, textOf: () => string): void {
    const label = button.querySelector('span')!;
    const name = label.textContent;
    button.addEventListener('click', async () => {
      const isCopied = await copyText(textOf());
      label.textContent = isCopied ? 'Copied' : 'Not allowed';
      this.#announcement.textContent = isCopied ? 'Copied' : 'The browser did not allow copying.';
      setTimeout(() => (label.textContent = name), 2000);
    });
  }
}

/** Paints the box around a line, to correct its text by. */
function paintLine(strip: HTMLCanvasElement, picture: HTMLCanvasElement, polygon: Polygon, size: Size): void {
  const cut = cutCanvas(picture, regionOf(polygon, size));
  [strip.width, strip.height] = [cut.width, cut.height];
  contextOf(strip).drawImage(cut, 0, 0);
}

function timing({ reading: { model }, milliseconds, place, engine }: PlacedReading): string {
  const by = engine ? `, with ${ENGINES[engine]}` : '';
  return `${seconds(milliseconds)} ${WHERE[place]}${by}\nModel ${model}`;
}
