import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser, openPage, whyNoBrowser } from './browser.ts';
import { type Site, serve } from './serve.ts';
import { violations } from './violations.ts';
import { writeLetter } from './write-letter.ts';

const sample = (name: string) => fileURLToPath(new URL(`../../data/emnist-sample/images/${name}.png`, import.meta.url));

const reason = whyNoBrowser();
if (reason) console.warn(`The page is not tested: ${reason}`);

describe.skipIf(reason)('the page', () => {
  let site: Site;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    site = await serve();
    browser = await openBrowser({ viewport: { width: 1024, height: 900 } });
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  afterEach(async () => {
    await page.close();
  });

  async function visit(): Promise<void> {
    site.requests.length = 0;
    page = await openPage(browser, site.url);
  }

  async function reads(text: string): Promise<void> {
    await page.locator('[data-state=shown] .character', { hasText: new RegExp(`^${text}$`) }).waitFor();
  }

  it('takes less than 300 KB for a first visit, all that works offline included', async () => {
    await visit();
    await page.evaluate(() => navigator.serviceWorker.ready);
    expect(site.sentBytes()).toBeGreaterThan(50_000);
    expect(site.sentBytes()).toBeLessThan(300_000);
  });

  it('works where the browser forbids to remember anything', async () => {
    page = await browser.context.newPage();
    await page.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage']) {
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException('Access is denied for this document.', 'SecurityError');
          },
        });
      }
    });
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(site.url);
    await page.selectOption('#model', 'character-cnn');
    await writeLetter(page, 'L');
    await reads('L');
    expect(await page.inputValue('#model')).toBe('character-cnn');
    expect(errors).toEqual([]);
  });

  it('reads a letter that is written with the mouse, and takes strokes back', async () => {
    await visit();
    await writeLetter(page, 'L');
    await reads('L');
    expect(await page.textContent('#announcement')).toMatch(/^Read: L, (> )?\d+ % sure\.$/);
    expect(await page.textContent('#timing')).toMatch(/^(< 1 ms|[\d.]+ m?s) on the server\nModel /);
    await page.click('#undo');
    await page.locator('[data-state=empty]').waitFor();
    expect(await page.isDisabled('#clear')).toBe(true);
  });

  it('shows alternatives and where a character was read when it is pointed at', async () => {
    await visit();
    await writeLetter(page, 'L');
    await reads('L');
    expect(await page.locator('.confidences li').count()).toBe(5);
    expect(await page.isVisible('#read-here')).toBe(false);
    await page.hover('.character');
    const mark = (await page.locator('#read-here').boundingBox())!;
    const sheet = (await page.locator('#drawing').boundingBox())!;
    // Written from 36 % to 62 % of the width and 20 % to 80 % of the height; half a pen's width goes beyond.
    expect((mark.x - sheet.x) / sheet.width).toBeCloseTo(0.347, 1);
    expect((mark.x + mark.width - sheet.x) / sheet.width).toBeCloseTo(0.633, 1);
    expect((mark.y - sheet.y) / sheet.height).toBeCloseTo(0.183, 1);
    expect((mark.y + mark.height - sheet.y) / sheet.height).toBeCloseTo(0.817, 1);
  });

  it('reads a file that is uploaded, and goes back to the sheet', async () => {
    await visit();
    await page.setInputFiles('#file', sample('upper-E'));
    await reads('E');
    await page.click('#remove');
    expect(await page.isVisible('#drawing')).toBe(true);
    await page.locator('[data-state=empty]').waitFor();
  });

  it('reads an example with one tap, and says what its model is and on what terms it may be used', async () => {
    await visit();
    await page.click('#examples button:has(img[alt="A line in English"])');
    const sentence = 'laid down the necklace';
    await page.waitForFunction((text) => document.getElementById('text')?.textContent === text, sentence);
    expect(await page.textContent('.confidences li:last-child')).toMatch(/^Whole line(> )?\d+ %$/);
    expect(await page.textContent('#about-model')).toContain(
      'English and French: the best reader here. Reads lines, and pages line by line',
    );
    expect(await page.textContent('#terms')).toBe(
      'line-recognizer is not free for every use. Its licence: Non-commercial research only, as the data sets below demand.',
    );
    await page.selectOption('#model', 'line-recognizer-open');
    await page.locator('#timing', { hasText: 'line-recognizer-open' }).waitFor();
    expect(await page.isVisible('#terms')).toBe(false);
    await page.selectOption('#model', '');
    await page.click('#examples button:has(img[alt="A digit"])');
    await reads('3');
    expect(await page.textContent('#about-model')).toContain('Knows 0–9, A–Z, a–z. Licence: MIT.');
  });

  it('sends just what is inside the crop, turned', async () => {
    await visit();
    await page.setInputFiles('#file', sample('digit-2'));
    await reads('2');
    const sizes: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') sizes.push(pngSize(request.postDataBuffer()!));
    });
    const answered = () => page.waitForResponse(/v1\/predict/);
    const { width, height } = await naturalSize(page);
    await page.focus('[data-edges="left top"]');
    await Promise.all([answered(), page.keyboard.press('Shift+ArrowRight')]);
    await Promise.all([answered(), page.click('#turn-right')]);
    expect(sizes).toEqual([`${width - Math.floor(0.05 * width)}×${height}`, `${height}×${width}`]);
  });

  it('reads what is pasted with the keyboard', async () => {
    await visit();
    const base64 = await readFile(sample('digit-3'), 'base64');
    await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) })]);
    }, base64);
    await page.keyboard.press('ControlOrMeta+v');
    await reads('3');
  });

  it('reads what is dropped', async () => {
    await visit();
    const base64 = await readFile(sample('digit-7'), 'base64');
    const transfer = await page.evaluateHandle((base64) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], 'seven.png', { type: 'image/png' }));
      return transfer;
    }, base64);
    await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
    expect(await page.isVisible('#drop-here')).toBe(true);
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    await reads('7');
  });

  it('reads what the camera sees', async () => {
    await visit();
    await page.click('#photograph');
    await page.locator('#viewfinder-guide').waitFor();
    await page.locator('#shutter:enabled').click();
    expect(await page.isVisible('#viewfinder-guide')).toBe(false);
    await page.click('#retake');
    await page.locator('#viewfinder-guide').waitFor();
    await page.click('#shutter');
    await page.click('#use-photograph');
    await page.locator('#picture').waitFor();
    const { width, height } = await naturalSize(page);
    // Chromium's test camera has 4:3 or 16:9 pictures.
    expect([4 / 3, 16 / 9]).toContain(width / height);
  });

  it('says what is wrong with a file that is not a picture, and with a picture without writing', async () => {
    await visit();
    await page.setInputFiles('#file', { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
    const problem = page.locator('#problem');
    await problem.filter({ hasText: 'cannot be opened here as a picture. Save it as PNG or JPEG' }).waitFor();
    await page.setInputFiles('#file', { name: 'white.png', mimeType: 'image/png', buffer: WHITE_PNG });
    await problem.filter({ hasText: 'No writing was found' }).waitFor();
  });

  it('can be used with the keyboard alone: write, look at alternatives, copy, clear', async () => {
    await visit();
    await tabTo(page, 'drawing');
    for (const [key, times] of [
      ['ArrowLeft', 4],
      ['ArrowUp', 6],
      [' ', 1],
      ['ArrowDown', 12],
      ['ArrowRight', 9],
      [' ', 1],
    ] as const) {
      for (let i = 0; i < times; i++) await page.keyboard.press(key);
    }
    await reads('L');
    await tabTo(page, (focused) => focused.className === 'character');
    expect(await page.isVisible('#read-here')).toBe(true);
    await tabTo(page, 'copy');
    await page.keyboard.press('Enter');
    await page.locator('#copy', { hasText: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('L');
    await tabTo(page, 'clear', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.locator('[data-state=empty]').waitFor();
  });

  it.each(['light', 'dark'] as const)('breaks no accessibility rule in %s colours', async (colorScheme) => {
    await visit();
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await violations(page)).toEqual([]);
    await writeLetter(page, 'L');
    await reads('L');
    await page.focus('.character');
    expect(await violations(page)).toEqual([]);
    await page.setInputFiles('#file', sample('upper-E'));
    await reads('E');
    expect(await violations(page)).toEqual([]);
  });

  it('fits a phone without scrolling sideways', async () => {
    await visit();
    await page.setViewportSize({ width: 320, height: 640 });
    await page.setInputFiles('#file', sample('upper-E'));
    await reads('E');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await page.click('#examples button:has(img[alt="A line in French"])');
    await page.locator('#text[data-length=many]').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    const cut = await page
      .locator('button, label, .glyph, .share, .note')
      .evaluateAll((all) =>
        all
          .filter(
            (each) =>
              each.scrollWidth > each.clientWidth + 1 &&
              each.clientWidth > 1 &&
              getComputedStyle(each).display !== 'inline',
          )
          .map((each) => each.outerHTML),
      );
    expect(cut).toEqual([]);
  });
});

async function tabTo(page: Page, target: string | ((focused: Element) => boolean), key = 'Tab'): Promise<void> {
  const test = typeof target === 'string' ? `(focused) => focused.id === '${target}'` : String(target);
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press(key);
    if (await page.evaluate(`(${test})(document.activeElement)`)) return;
  }
  throw new Error(`${test} was not reached with ${key}.`);
}

async function naturalSize(page: Page): Promise<{ width: number; height: number }> {
  return await page.locator('#picture-canvas').evaluate(({ width, height }: HTMLCanvasElement) => ({ width, height }));
}

/** Width and height as the header of a PNG says. */
function pngSize(bytes: Buffer): string {
  return `${bytes.readUInt32BE(16)}×${bytes.readUInt32BE(20)}`;
}

/** 16 × 16, gray, all white. */
const WHITE_PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAAAAAA6mKC9AAAAD0lEQVR4nGP4jwYYRrYAAID5/wEokJxdAAAAAElFTkSuQmCC',
  'base64',
);
