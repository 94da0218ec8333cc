import type { Page } from 'playwright-core';

/** Strokes in shares of the sheet. */
export const letters = {
  L: [
    [
      [0.36, 0.2],
      [0.36, 0.8],
      [0.62, 0.8],
    ],
  ],
  T: [
    [
      [0.3, 0.2],
      [0.7, 0.2],
    ],
    [
      [0.5, 0.2],
      [0.5, 0.82],
    ],
  ],
  /** No letter, but as wide for its height as a word. */
  wave: [
    [
      [0.1, 0.4],
      [0.3, 0.6],
      [0.5, 0.4],
      [0.7, 0.6],
      [0.9, 0.4],
    ],
  ],
} as const;

/** Writes a letter on the sheet with the mouse. */
export async function writeLetter(page: Page, letter: keyof typeof letters): Promise<void> {
  const box = await page.locator('#drawing').boundingBox();
  if (box === null) throw new Error('The sheet is not visible.');
  for (const stroke of letters[letter]) {
    const points = stroke.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const);
    await page.mouse.move(...points[0]);
    await page.mouse.down();
    for (const point of points.slice(1)) await page.mouse.move(...point, { steps: 8 });
    await page.mouse.up();
  }
}
