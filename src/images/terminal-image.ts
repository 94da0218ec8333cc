import type { GrayImage } from './gray-image.ts';
import { resize } from './resize.ts';

export interface TerminalImageOptions {
  /** Characters across; default the image's width. Two rows of pixels make one line of text. */
  readonly columns?: number;
  /** With gray levels (ANSI escape codes for 256 colors), or with plain shades. Default false. */
  readonly color?: boolean;
}

const shades = ' .:-=+*#%@';

/** The image as lines of text for a terminal. */
export function terminalImage(
  image: GrayImage,
  { columns = image.width, color = false }: TerminalImageOptions = {},
): string[] {
  const rows = Math.max(1, Math.round((image.height * columns) / image.width / 2));
  const { data, width } = resize(image, columns, 2 * rows, 'area');
  const pixel = (x: number, y: number) => data[y * width + x];
  return Array.from({ length: rows }, (_, row) => {
    const cells = Array.from({ length: columns }, (_, x) => [pixel(x, 2 * row), pixel(x, 2 * row + 1)] as const);
    return color ? `${cells.map(halfBlock).join('')}\x1b[0m` : cells.map(shade).join('');
  });
}

/** ▀ with the upper pixel as foreground and the lower one as background, in the grays of 256-color terminals. */
function halfBlock([upper, lower]: readonly [number, number]): string {
  return `\x1b[38;5;${grayColor(upper)};48;5;${grayColor(lower)}m▀`;
}

/** The nearest of xterm's 256 colors: 16 is black, 231 white, 232 to 255 are grays from 8 to 238 in steps of 10. */
function grayColor(gray: number): number {
  if (gray < 4) return 16;
  return gray > 246 ? 231 : Math.min(255, 232 + Math.max(0, Math.round((gray - 8) / 10)));
}

function shade([upper, lower]: readonly [number, number]): string {
  return shades[Math.floor(((upper + lower) / 2 / 256) * shades.length)];
}
