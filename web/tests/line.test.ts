import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LinePredictor, type LinePredictorOptions } from '../../src/reading/line-predictor.ts';
import type { LineReading, Polygon } from '../../src/reading/reading.ts';
import { type Browser, openBrowser, openPage, whyNoBrowser } from './browser.ts';
import { linePicture } from './line-picture.ts';
import { LINE_TEST_MODEL, saveLineTestModel } from './line-test-model.ts';
import { type Site, serve } from './serve.ts';
import { violations } from './violations.ts';
import { writeLetter } from './write-letter.ts';

const reason = whyNoBrowser();
if (reason) console.warn(`Reading lines on the page is not tested: ${reason}`);

describe.skipIf(reason)('lines on the page', () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  let folder: string;
  let picture: Buffer;
  let expected: LineReading;

  beforeAll(async () => {
    folder = await saveLineTestModel();
    picture = await linePicture();
    expected = await recognize({ model: folder, threads: 1 }, picture);
    site = await serve({ lineModel: folder });
    browser = await openBrowser({ viewport: { width: 1024, height: 900 } });
    page = await openPage(browser, site.url);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
    await rm(dirname(folder), { recursive: true, force: true });
  });

  async function upload(): Promise<void> {
    await page.evaluate(() => document.getElementById('announcement')!.replaceChildren());
    await page.setInputFiles('#file', { name: 'line.png', mimeType: 'image/png', buffer: picture });
    await page.locator('#announcement', { hasText: 'Read:' }).waitFor();
  }

  it('takes the model for the shape of what is to be read, unless one is chosen', async () => {
    await writeLetter(page, 'L');
    await page.locator('#timing', { hasText: 'Model character-cnn' }).waitFor();
    await page.click('#clear');
    await writeLetter(page, 'wave');
    await page.locator('#timing', { hasText: `Model ${LINE_TEST_MODEL}` }).waitFor();
    await upload();
    expect(await page.textContent('#timing')).toMatch(new RegExp(`on the server\nModel ${LINE_TEST_MODEL}$`));
    await page.selectOption('#model', 'mlp');
    await page.locator('#timing', { hasText: 'Model mlp' }).waitFor();
    await page.selectOption('#model', '');
    await page.locator('#timing', { hasText: LINE_TEST_MODEL }).waitFor();
  });

  it('shows what the predictor reads on Node, word by word', async () => {
    await upload();
    expect(expected.characters.length).toBeGreaterThan(30);
    expect(expected.words.length).toBeGreaterThan(3);
    expect(await page.textContent('#text')).toBe(expected.text);
    expect(await page.locator('#text .word').allTextContents()).toEqual(expected.words.map(({ text }) => text));
    expect(await page.locator('#text .character').count()).toBe(expected.characters.length);
  });

  it('shows where in the picture a character and its word were read, with the keyboard too', async () => {
    await upload();
    // In the last word that has more than one character, not its first.
    const index = expected.text.search(/(?<=\S)\S(?!.*\S\S)/);
    const words = expected.text.slice(0, index).trimStart().split(/ +/).length;
    const [character, word] = [expected.characters[index], expected.words[words - 1]];
    await page.locator('#text .character').nth(index).hover();
    const { width } = pngSize(picture);
    expect(await extentOf(page, '#read-here', width)).toEqual(nearEnds(character.polygon, 2));
    expect(await extentOf(page, '#read-word', width)).toEqual(nearEnds(word.polygon, 8));
    const others = character.alternatives.map(({ text }) => text.replace(' ', '␣'));
    expect(others.length).toBeGreaterThan(0);
    const rows = [character.text, ...others, word.text, 'Whole line'];
    expect(await page.locator('#detail .glyph').allTextContents()).toEqual(rows);
    await page.mouse.move(0, 0);
    expect(await page.isVisible('#read-here')).toBe(false);
    await page.locator('#text .character').nth(index).focus();
    await page.keyboard.press('ArrowLeft');
    const before = expected.characters[index - 1];
    expect(await extentOf(page, '#read-here', width)).toEqual(nearEnds(before.polygon, 2));
    expect(await page.locator('#text [tabindex="0"]').count()).toBe(1);
  });

  it('lets the server decode with a beam, which knows other readings', async () => {
    await upload();
    expect(await page.locator('#decoder option').evaluateAll(values)).toEqual(['greedy', 'beam', 'lm']);
    await Promise.all([
      page.waitForResponse((response) => new URL(response.url()).searchParams.get('decoder') === 'beam'),
      page.selectOption('#decoder', 'beam'),
    ]);
    await page.locator('.readings li').first().waitFor();
    expect(await page.locator('.readings li').count()).toBe(4);
    expect(await violations(page)).toEqual([]);
    await page.selectOption('#decoder', 'greedy');
    await page.locator('.readings').waitFor({ state: 'detached' });
  });

  it('reads on the device what the server reads, with the same confidences, and sends nothing', async () => {
    await upload();
    const served = await shown(page);
    site.requests.length = 0;
    await page.check('input[value=device]');
    await page.locator('#timing', { hasText: 'on this device' }).waitFor();
    expect(await page.isVisible('#decoder-choice')).toBe(false);
    await upload();
    expect(await shown(page)).toEqual(served);
    expect(site.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
  });

  it('fits a phone, and breaks no accessibility rule', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await upload();
    await page.locator('#text .character').first().focus();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect(await violations(page)).toEqual([]);
  });
});

async function recognize(options: LinePredictorOptions, picture: Uint8Array): Promise<LineReading> {
  const predictor = await LinePredictor.load(options);
  const recognition = await predictor.predict(picture);
  await predictor.close();
  return recognition;
}

async function shown(page: Page): Promise<(string | null)[]> {
  const labels = await page
    .locator('#text .character')
    .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')));
  return [await page.textContent('#text'), await page.textContent('#announcement'), ...labels];
}

/** From where to where a mark reaches, in pixels of a picture of this width. */
async function extentOf(page: Page, mark: string, width: number): Promise<[number, number]> {
  const at = (await page.locator(mark).boundingBox())!;
  const outer = (await page.locator('#picture-canvas').boundingBox())!;
  const scale = width / outer.width;
  return [(at.x - outer.x) * scale, (at.x + at.width - outer.x) * scale];
}

function nearEnds(polygon: Polygon, tolerance: number): [number, number] {
  const xs = polygon.map(([x]) => x);
  return [near(Math.min(...xs), tolerance), near(Math.max(...xs), tolerance)];
}

function near(value: number, tolerance: number): number {
  return expect.toSatisfy((found: number) => Math.abs(found - value) <= tolerance) as number;
}

function values(options: (Element & { value?: string })[]): (string | undefined)[] {
  return options.map(({ value }) => value);
}

function pngSize(bytes: Buffer): { width: number; height: number } {
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
