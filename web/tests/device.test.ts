import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CharacterPredictor } from '../../src/reading/character-predictor.ts';
import { LinePredictor } from '../../src/reading/line-predictor.ts';
import { type Browser, openBrowser, openPage, whyNoBrowser } from './browser.ts';
import { pagePicture } from './page-picture.ts';
import { type Site, serve } from './serve.ts';
import { writeLetter } from './write-letter.ts';

const images = fileURLToPath(new URL('../../data/emnist-sample/images/', import.meta.url));
const lines = fileURLToPath(new URL('../../data/line-sample/', import.meta.url));

const reason = whyNoBrowser();
if (reason) console.warn(`Reading on the device is not tested: ${reason}`);

describe.skipIf(reason)('reading on the device', () => {
  let site: Site;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    site = await serve();
    browser = await openBrowser();
    page = await openPage(browser, site.url);
    await page.evaluate(() => navigator.serviceWorker.ready);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it('gives the text and the confidences of the server for the same picture, and sends none', async () => {
    const files = await readdir(images);
    const paths = files.map((file) => join(images, file));
    const served = await read(page, paths);
    site.requests.length = 0;
    await page.check('input[value=device]');
    await page.locator('#timing', { hasText: 'on this device' }).waitFor();
    const onDevice = await read(page, paths);
    expect(onDevice).toEqual(served);
    expect(site.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
    const predictor = await CharacterPredictor.load({ model: 'character-cnn' });
    const texts = await Promise.all(files.map((file) => predictor.predict(join(images, file))));
    expect(onDevice.map(({ text }) => text)).toEqual(texts.map(({ text }) => text));
    await predictor.close();
  });

  it('reads lines with the language model, as the server does', async () => {
    const files = (await readdir(lines)).filter((file) => file.endsWith('.png')).map((file) => join(lines, file));
    await page.check('input[value=server]');
    await page.selectOption('#model', 'line-recognizer');
    const served = await read(page, files);
    const predictor = await LinePredictor.load();
    const readings = await Promise.all(files.map((file) => predictor.predict(file, { decoder: 'lm' })));
    await predictor.close();
    expect(served.map(({ text }) => text)).toEqual(readings.map(({ text }) => text));
    site.requests.length = 0;
    await page.check('input[value=device]');
    await page.locator('#timing', { hasText: 'on this device' }).waitFor();
    const onDevice = await read(page, files);
    expect(onDevice.map(({ text }) => text)).toEqual(served.map(({ text }) => text));
    expect(onDevice.every(({ confidences }) => /\d %/.test(confidences))).toBe(true);
    expect(site.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
    expect(site.requests.filter((request) => request.endsWith('.bin'))).toHaveLength(1);
    await page.selectOption('#model', '');
  });

  it('finds and reads the lines of a page as the server does', async () => {
    await page.check('input[value=server]');
    await page.locator('#timing', { hasText: 'on the server' }).waitFor();
    const served = await readLines(page);
    expect(served.texts).toHaveLength(2);
    expect(served.texts[0]).toContain('down the necklace');
    site.requests.length = 0;
    await page.check('input[value=device]');
    await page.locator('#timing', { hasText: 'on this device' }).waitFor();
    const onDevice = await readLines(page);
    expect(onDevice.texts).toEqual(served.texts);
    // In pixels; two builds of ONNX Runtime add up in another order.
    expect(onDevice.outlines.map((points) => points.length)).toEqual(served.outlines.map((points) => points.length));
    const moved = onDevice.outlines.flatMap((points, i) => points.map((at, k) => Math.abs(at - served.outlines[i][k])));
    expect(Math.max(...moved)).toBeLessThan(2);
    expect(site.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
  });

  it('continues without the server, after a reload too', async () => {
    await site.close();
    await page.reload();
    await writeLetter(page, 'T');
    await page.locator('[data-state=shown] .character', { hasText: /^T$/ }).waitFor();
    expect(await page.textContent('#timing')).toContain('on this device');
    expect(await page.locator('#problem').isVisible()).toBe(false);
    expect((await readLines(page)).texts).toHaveLength(2);
  });
});

/** The lines of a page, as the page lists them, and where it outlines each: its corners' x and y in turn. */
async function readLines(page: Page): Promise<{ texts: string[]; outlines: number[][] }> {
  await page.evaluate(() => document.getElementById('announcement')!.replaceChildren());
  await page.setInputFiles('#file', { name: 'page.png', mimeType: 'image/png', buffer: await pagePicture() });
  await page.locator('#announcement', { hasText: 'Read:' }).waitFor();
  const outlines = page.locator('#line-outlines polygon');
  return {
    texts: await page.locator('.line .line-text').allTextContents(),
    outlines: await outlines.evaluateAll((all) =>
      all.map((each) =>
        each
          .getAttribute('points')!
          .split(/[\s,]+/u)
          .map(Number),
      ),
    ),
  };
}

/** What the page reads in each file, given its path: its text, and all confidences as they are shown. */
async function read(page: Page, files: readonly string[]): Promise<{ text: string; confidences: string }[]> {
  const readings: { text: string; confidences: string }[] = [];
  for (const file of files) {
    await page.evaluate(() => document.getElementById('announcement')!.replaceChildren());
    await page.setInputFiles('#file', file);
    await page.locator('#announcement', { hasText: 'Read:' }).waitFor();
    const text = (await page.textContent('#text')) ?? '';
    readings.push({ text, confidences: (await page.textContent('#detail')) ?? '' });
  }
  return readings;
}
