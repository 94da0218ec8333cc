import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser, openPage, whyNoBrowser } from './browser.ts';
import { pagePicture } from './page-picture.ts';
import { type Site, serve } from './serve.ts';
import { violations } from './violations.ts';

const reason = whyNoBrowser();
if (reason) console.warn(`Pages of several lines are not tested: ${reason}`);

describe.skipIf(reason)('a page of several lines', () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  let picture: Buffer;

  beforeAll(async () => {
    picture = await pagePicture();
    site = await serve();
    browser = await openBrowser({ viewport: { width: 1280, height: 900 } });
    page = await openPage(browser, site.url);
    await upload();
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  async function upload(): Promise<void> {
    await page.setInputFiles('#file', { name: 'page.png', mimeType: 'image/png', buffer: picture });
    await page.locator('#announcement', { hasText: 'Read:' }).waitFor();
  }

  it('shows its lines in reading order beside their outlines over the picture', async () => {
    const texts = await page.locator('.line .line-text').allTextContents();
    expect(texts[0]).toContain('down the necklace');
    expect(texts[1]).toContain('de cire');
    expect(await page.locator('#line-outlines polygon').count()).toBe(texts.length);
    const tops = await page
      .locator('#line-outlines polygon')
      .evaluateAll((polygons) => polygons.map((polygon) => polygon.getBoundingClientRect().top));
    expect(tops).toEqual(tops.toSorted((a, b) => a - b));
    const outer = (await page.locator('#picture-canvas').boundingBox())!;
    expect(tops[0]).toBeGreaterThan(outer.y);
    expect(tops[1]).toBeLessThan(outer.y + outer.height);
    expect(await page.locator('.line .share').first().textContent()).toMatch(/%$/);
  });

  it('highlights a line in both places, wherever it is pointed at', async () => {
    await page.locator('.line').nth(1).hover();
    expect(await pointed(page, '#line-outlines polygon')).toEqual([1]);
    await page.locator('#line-outlines polygon').first().hover();
    expect(await pointed(page, '.line')).toEqual([0]);
    await page.mouse.move(0, 0);
    expect(await pointed(page, '.line')).toEqual([]);
  });

  it('opens a line by a click on its outline, and another one by the keyboard', async () => {
    await page.locator('#line-outlines polygon').first().click();
    expect(await page.locator('.line').first().getAttribute('aria-expanded')).toBe('true');
    expect(await page.textContent('#text')).toBe(await page.locator('.line .line-text').first().textContent());
    await page.locator('.line').first().focus();
    await page.keyboard.press('ArrowDown');
    expect(await pointed(page, '#line-outlines polygon')).toEqual([1]);
    await page.keyboard.press('Enter');
    expect(await page.locator('.line').nth(1).getAttribute('aria-expanded')).toBe('true');
    expect(await page.locator('#lines .line[tabindex="0"]').count()).toBe(1);
    expect(await page.isVisible('#line-picture')).toBe(true);
    expect(await violations(page)).toEqual([]);
  });

  it('copies and saves what a person has corrected', async () => {
    const [first] = await page.locator('.line .line-text').allTextContents();
    await page.fill('#correction', 'a statue of wax');
    expect(await page.locator('.line').nth(1).textContent()).toBe('a statue of waxcorrected');
    // This service takes no corrections.
    expect(await page.isVisible('#sending')).toBe(false);
    await page.click('#copy-line');
    expect(await clipboard(page)).toBe('a statue of wax');
    await page.click('#copy');
    await page.locator('#copy', { hasText: 'Copied' }).waitFor();
    expect(await clipboard(page)).toBe(`${first}\na statue of wax`);
    expect(await download(page, 'text')).toBe(`${first}\na statue of wax\n`);
    const { kind, lines } = JSON.parse(await download(page, 'json')) as { kind: string; lines: { text: string }[] };
    expect([kind, ...lines.map(({ text }) => text)]).toEqual(['page', first, 'a statue of wax']);
    expect(await download(page, 'page')).toContain('<Unicode>a statue of wax</Unicode>');
  });

  it('fits a phone, and breaks no accessibility rule there', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect(await violations(page)).toEqual([]);
  });
});

async function pointed(page: Page, selector: string): Promise<number[]> {
  return await page
    .locator(selector)
    .evaluateAll((all) => all.flatMap((each, i) => (each.classList.contains('pointed') ? [i] : [])));
}

async function clipboard(page: Page): Promise<string> {
  return await page.evaluate(() => navigator.clipboard.readText());
}

async function download(page: Page, format: string): Promise<string> {
  await page.selectOption('#format', format);
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
  return await readFile(await file.path(), 'utf8');
}
