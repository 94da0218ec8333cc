import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, openBrowser, whyNoBrowser } from './browser.ts';
import { type Site, serve } from './serve.ts';
import { violations } from './violations.ts';
import { whyNoWebGpu } from './why-no-webgpu.ts';
import { writeLetter } from './write-letter.ts';

const characters = fileURLToPath(new URL('../../data/emnist-sample/images/', import.meta.url));
const lines = fileURLToPath(new URL('../../data/line-sample/', import.meta.url));

/** Long enough for a graphics processor in software, on a machine that does something else as well. */
const FORCED = '?webgpu=force&webgpu-limit=240';
const PATIENTLY = { timeout: 300_000 };

const reason = whyNoBrowser() ?? (await whyNoWebGpu());
if (reason) console.warn(`WebGPU is not tested: ${reason}`);

describe.skipIf(reason)('reading with WebGPU', PATIENTLY, () => {
  let site: Site;
  let browser: Browser;
  let page: Page;

  // A browser that has kept nothing: what it fetches depends on it.
  beforeEach(async () => {
    site = await serve();
    browser = await openBrowser({ hasSoftwareGpu: true });
    page = await browser.context.newPage();
  });

  afterEach(async () => {
    await browser?.close();
    await site?.close();
  });

  async function visit(query: string): Promise<void> {
    await page.goto(site.url + query);
    await page.locator('#model option').first().waitFor({ state: 'attached' });
    await page.evaluate(() => navigator.serviceWorker.ready);
  }

  /** Has what is there read again, on the device. */
  async function chooseDevice(): Promise<void> {
    site.requests.length = 0;
    await page.check('input[value=device]');
    await page.locator('#timing', { hasText: 'on this device' }).waitFor(PATIENTLY);
  }

  /** Which WebAssembly was fetched since the device was chosen: `threaded`, or with WebGPU `threaded.asyncify`. */
  function runtimes(): string[] {
    return site.requests.flatMap((request) => /ort-wasm-simd-([a-z.]+)-[\w-]+\.wasm$/.exec(request)?.[1] ?? []);
  }

  async function read(file: string): Promise<string> {
    await page.evaluate(() => document.getElementById('announcement')!.replaceChildren());
    await page.setInputFiles('#file', file);
    await page.locator('#announcement', { hasText: 'Read:' }).waitFor(PATIENTLY);
    return (await page.textContent('#text')) ?? '';
  }

  async function readCharacters(): Promise<string[]> {
    const texts: string[] = [];
    for (const file of (await readdir(characters)).slice(0, 6)) texts.push(await read(join(characters, file)));
    return texts;
  }

  async function crashGraphics(): Promise<void> {
    const session = await browser.context.browser()!.newBrowserCDPSession();
    await session.send('Browser.crashGpuProcess');
  }

  it('gives the text of the server, continues without it, and also when the graphics processor is lost then', async () => {
    await visit(FORCED);
    const served = await readCharacters();
    await chooseDevice();
    expect(await readCharacters()).toEqual(served);
    expect(await page.textContent('#timing')).toMatch(/^[\d.]+ m?s on this device, with WebGPU\nModel character-cnn$/);
    expect(await page.textContent('#engine')).toBe('Runs on the graphics processor (WebGPU).');
    expect(await violations(page)).toEqual([]);
    expect(runtimes()).toEqual(['threaded.asyncify']);
    expect(site.requests.filter((request) => request.startsWith('POST'))).toEqual([]);

    await site.close();
    await page.reload();
    await writeLetter(page, 'T');
    await page.locator('[data-state=shown] .character', { hasText: /^T$/ }).waitFor(PATIENTLY);
    expect(await page.textContent('#timing')).toContain('on this device, with WebGPU');

    await crashGraphics();
    await page.locator('#engine', { hasText: 'The graphics processor was lost. Runs on the processor' }).waitFor();
    await page.click('#clear');
    await writeLetter(page, 'L');
    await page.locator('[data-state=shown] .character', { hasText: /^L$/ }).waitFor();
    expect(await page.textContent('#timing')).toContain('on this device, with WebAssembly');
    expect(await page.evaluate(() => localStorage.getItem('webgpu-failed'))).toBeNull();
  });

  it('gives the text of a line, which WebAssembly reads when the graphics processor goes meanwhile', async () => {
    const line = join(lines, 'blanche-comme-une-statue-de-cire.png');
    await visit(FORCED);
    await page.selectOption('#model', 'line-recognizer');
    const served = await read(line);
    expect(served).toBe('blanche comme une statue de cire.');
    await chooseDevice();
    expect(await read(line)).toBe(served);
    expect(await page.textContent('#timing')).toContain('with WebGPU\nModel line-recognizer');
    const again = read(line);
    // Not earlier: Chromium opens no picture to the end while its graphics processor goes.
    await page.locator('[data-state=waiting]').waitFor();
    await crashGraphics();
    expect(await again).toBe(served);
    expect(await page.textContent('#timing')).toContain('with WebAssembly\nModel line-recognizer');
  });

  it('is left where WebGPU runs in software, whose runtime is not fetched then', async () => {
    await visit('');
    await writeLetter(page, 'L');
    await chooseDevice();
    expect(await page.textContent('#timing')).toContain('on this device, with WebAssembly');
    expect(await page.textContent('#text')).toBe('L');
    expect(await page.textContent('#engine')).toBe('Runs on the processor (WebAssembly).');
    expect(runtimes()).toEqual(['threaded']);
  });

  it('is given up where it takes too long, which the browser remembers', async () => {
    await visit('?webgpu=force&webgpu-limit=0.3');
    await writeLetter(page, 'L');
    await chooseDevice();
    expect(await page.textContent('#timing')).toContain('on this device, with WebAssembly');
    expect(await page.textContent('#text')).toBe('L');
    expect(await page.textContent('#engine')).toBe('WebGPU took too long. Runs on the processor (WebAssembly).');
    const failedAt = Number(await page.evaluate(() => localStorage.getItem('webgpu-failed')));
    expect(Date.now() - failedAt).toBeLessThan(120_000);
  });

  it('is given up where its runtime cannot be had', async () => {
    await browser.context.route(/asyncify/, (route) => route.abort());
    await visit(FORCED);
    await writeLetter(page, 'L');
    await chooseDevice();
    expect(await page.textContent('#timing')).toContain('on this device, with WebAssembly');
    expect(await page.textContent('#engine')).toBe('WebGPU failed. Runs on the processor (WebAssembly).');
    expect(runtimes()).toEqual(['threaded']);
  });
});
