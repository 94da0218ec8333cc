import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CharacterPredictor } from '../../src/predictors/character-predictor.ts';
import { args, type Browser, openBrowser, softwareGpu, whyNoBrowser } from './browser.ts';
import { type Site, serve } from './serve.ts';
import { writeLetter } from './write-letter.ts';

const images = fileURLToPath(new URL('../../data/emnist-sample/images/', import.meta.url));

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
    const served = await read(page, files);
    site.requests.length = 0;
    await page.check('input[value=device]');
    await page.locator('#timing', { hasText: 'on this device' }).waitFor();
    const onDevice = await read(page, files);
    expect(onDevice).toEqual(served);
    expect(site.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
    const predictor = await CharacterPredictor.load({ model: await page.inputValue('#model') });
    const texts = await Promise.all(files.map((file) => predictor.predict(join(images, file))));
    expect(onDevice.map(({ text }) => text)).toEqual(texts.map(({ text }) => text));
    await predictor.close();
  });

  it('goes on without the server, after a reload too', async () => {
    await site.close();
    await page.reload();
    await writeLetter(page, 'T');
    await page.locator('[data-state=shown] .character', { hasText: /^T$/ }).waitFor();
    expect(await page.textContent('#timing')).toContain('on this device');
    expect(await page.locator('#problem').isVisible()).toBe(false);
  });
});

describe.skipIf(reason)('reading on the GPU', () => {
  it('gives the same text for a network that is worth a GPU', async ({ skip }) => {
    const site = await serve();
    // Chromium's software GPU; a service worker would keep the page's requests from being changed.
    const browser = await openBrowser({ args: [...args, ...softwareGpu], serviceWorkers: 'block' });
    try {
      await browser.context.route('**/models/*/model.json', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), multiplyAccumulates: 1e9 } });
      });
      const page = await browser.context.newPage();
      await page.goto(site.url);
      await page.locator('#model option').first().waitFor({ state: 'attached' });
      if (!(await hasGpu(page))) skip('This Chromium has no WebGPU adapter, not even in software.');
      await page.check('input[value=device]');
      expect(await read(page, ['upper-E.png', 'digit-8.png'])).toMatchObject([{ text: 'E' }, { text: '8' }]);
      expect(await page.textContent('#timing')).toContain('on this device’s GPU');
    } finally {
      await browser.close();
      await site.close();
    }
  });
});

async function hasGpu(page: Page): Promise<boolean> {
  return await page.evaluate(async () => {
    const gpu = (navigator as { gpu?: { requestAdapter(): Promise<object | null> } }).gpu;
    return gpu !== undefined && (await gpu.requestAdapter()) !== null;
  });
}

/** What the page reads in each file: its text, and all confidences as they are shown. */
async function read(page: Page, files: readonly string[]): Promise<{ text: string; confidences: string }[]> {
  const readings: { text: string; confidences: string }[] = [];
  for (const file of files) {
    await page.evaluate(() => document.getElementById('announcement')!.replaceChildren());
    await page.setInputFiles('#file', join(images, file));
    await page.locator('#announcement', { hasText: 'Read:' }).waitFor();
    const text = (await page.textContent('#text')) ?? '';
    readings.push({ text, confidences: (await page.textContent('#detail')) ?? '' });
  }
  return readings;
}
