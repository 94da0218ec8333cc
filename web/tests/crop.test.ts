import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser, openPage, whyNoBrowser } from './browser.ts';
import { type Site, serve } from './serve.ts';
import { violations } from './violations.ts';

const reason = whyNoBrowser();
if (reason) console.warn(`Cropping on a phone is not tested: ${reason}`);

/** A page on a phone: white paper with one dark bar. */
const paper = { width: 900, height: 1200, channels: 3, background: '#fff' } as const;
const bar = { width: 300, height: 40, channels: 3, background: '#222' } as const;

describe.skipIf(reason)('cropping on a phone', () => {
  let site: Site;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    site = await serve();
    browser = await openBrowser({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    page = await openPage(browser, site.url);
    const dark = await sharp({ create: bar }).png().toBuffer();
    const buffer = await sharp({ create: paper })
      .composite([{ input: dark, left: 300, top: 600 }])
      .png()
      .toBuffer();
    await page.setInputFiles('#file', { name: 'page.png', mimeType: 'image/png', buffer });
    await page.locator('#picture').waitFor();
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const box = async (selector: string) => (await page.locator(selector).boundingBox())!;

  it('shows a page about as wide as the phone, with handles of 44 px', async () => {
    expect((await box('#picture-fit')).width).toBeGreaterThan(250);
    for (const handle of await page.locator('#crop button').all()) {
      expect(await handle.boundingBox()).toMatchObject({ width: 44, height: 44 });
    }
    expect(await violations(page)).toEqual([]);
  });

  it('zooms with buttons and keys and pans by scrolling, the middle staying where it is', async () => {
    const before = await box('#picture-fit');
    await page.tap('#zoom-in');
    await page.focus('#crop button');
    await page.keyboard.press('+');
    const after = await box('#picture-fit');
    expect(after.width / before.width).toBeCloseTo(2.25, 2);
    expect(await page.isEnabled('#zoom-out')).toBe(true);
    await page.keyboard.press('-');
    await page.tap('#zoom-out');
    expect((await box('#picture-fit')).width).toBeCloseTo(before.width, 0);
    expect(await page.isDisabled('#zoom-out')).toBe(true);
  });

  it('zooms with two fingers', async () => {
    const { x, y, width, height } = await box('#picture-fit');
    const devtools = await browser.context.newCDPSession(page);
    const [cx, cy] = [x + width / 2, y + height / 2];
    const fingers = (apart: number) => [
      { x: cx - apart, y: cy, id: 0 },
      { x: cx + apart, y: cy, id: 1 },
    ];
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(30) });
    for (const apart of [45, 60]) {
      await devtools.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(apart) });
    }
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    const zoomed = await box('#picture-fit');
    expect(zoomed.width / width).toBeCloseTo(2, 1);
    expect(zoomed.x + zoomed.width / 2).toBeCloseTo(cx, -1);
    await page.evaluate(() => document.getElementById('zoom-out')!.click());
    await page.evaluate(() => document.getElementById('zoom-out')!.click());
  });

  it('keeps handles apart however small the crop is', async () => {
    await page.focus('[data-edges="left top"]');
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press('Shift+ArrowRight');
      await page.keyboard.press('Shift+ArrowDown');
    }
    expect((await box('#crop')).width).toBeLessThan(20);
    const boxes = await page
      .locator('#crop button')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().toJSON() as DOMRect));
    const overlaps = boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .filter(
          (b) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5,
        ),
    );
    expect(overlaps).toEqual([]);
    expect(boxes.map(({ width, height }) => `${width} × ${height}`)).toEqual(Array(4).fill('44 × 44'));
  });
});
