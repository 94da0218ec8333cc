import type { LineReading, Reading } from '../../../src/reading/reading.ts';
import type { LineListEvents } from './line-list.ts';
import { lineCertainty } from './words.ts';

/**
 * The polygons of a page's lines over its picture. For pointers alone: the list of lines is the same for keyboards and screen readers.
 */
export class LineOutlines {
  readonly #svg: SVGSVGElement;
  #polygons: readonly SVGPolygonElement[] = [];

  constructor(svg: SVGSVGElement, { onPoint, onSelect }: LineListEvents) {
    this.#svg = svg;
    const indexOf = (target: EventTarget | null) => {
      const index = this.#polygons.indexOf(target as SVGPolygonElement);
      return index < 0 ? undefined : index;
    };
    svg.addEventListener('pointerover', ({ target }) => onPoint(indexOf(target)));
    svg.addEventListener('pointerout', () => onPoint(undefined));
    svg.addEventListener('click', ({ target }) => {
      const index = indexOf(target);
      if (index !== undefined) onSelect(index);
    });
  }

  /** Draws lines of a picture; none hide the outlines. */
  show({ width, height }: Pick<Reading, 'width' | 'height'>, lines: readonly LineReading[]): void {
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#polygons = lines.map(outlineOf);
    this.#svg.replaceChildren(...this.#polygons);
    this.#svg.toggleAttribute('hidden', lines.length === 0);
  }

  hide(): void {
    this.#svg.toggleAttribute('hidden', true);
  }

  /** Highlights the line that is pointed at. */
  point(index: number | undefined): void {
    for (const [i, polygon] of this.#polygons.entries()) polygon.classList.toggle('pointed', i === index);
  }

  /** Highlights the line that is open. */
  open(index: number | undefined): void {
    for (const [i, polygon] of this.#polygons.entries()) polygon.classList.toggle('open', i === index);
  }
}

function outlineOf(line: LineReading): SVGPolygonElement {
  const outline = document.createElementNS('http://www.w3.org/2000/svg', 'polygon');
  outline.setAttribute('points', line.polygon.map(([x, y]) => `${x},${y}`).join(' '));
  outline.dataset.certainty = lineCertainty(line);
  return outline;
}
