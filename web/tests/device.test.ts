import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CharacterPredictor } from '../../src/reading/character-predictor.ts';
import { LinePredictor } from '../../src/reading/line-predictor.ts';
import { type Browser, openBrowser, whyNoBrowser } from './browser.ts';
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
    page = await browser.context.newPage();
    await page.goto(site.url);
    await page.locator('#model option').first().waitFor({ state: 'attached' });
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
    // The device takes the picture as one line, the server looks for lines in it, so that confidences differ a little.
    const onDevice = await read(page, files);
    expect(onDevice.map(({ text }) => text)).toEqual(served.map(({ text }) => text));
    expect(onDevice.every(({ confidences }) => /\d %/.test(confidences))).toBe(true);
    expect(site.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
    expect(site.requests.filter((request) => request.endsWith('.bin'))).toHaveLength(1);
    await page.selectOption('#model', '');
  });

  it('continues without the server, after a reload too', async () => {
    await site.close();
    await page.reload();
    await writeLetter(page, 'T');
    await page.locator('[data-state=shown] .character', { hasText: /^T$/ }).waitFor();
    expect(await page.textContent('#timing')).toContain('on this device');
    expect(await page.locator('#problem').isVisible()).toBe(false);
  });
});

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
