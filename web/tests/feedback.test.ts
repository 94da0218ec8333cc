import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TextRecognizerClient } from '../../src/client/text-recognizer-client.ts';
import { decodeImage } from '../../src/images/decode-image.ts';
import { Feedback } from '../../src/server/feedback/feedback.ts';
import { FeedbackStore } from '../../src/server/feedback/feedback-store.ts';
import { readKey } from '../../src/server/feedback/sealed-file.ts';
import { type Browser, openBrowser, openPage, whyNoBrowser } from './browser.ts';
import { pagePicture } from './page-picture.ts';
import { type Site, serve } from './serve.ts';
import { violations } from './violations.ts';

const reason = whyNoBrowser();
if (reason) console.warn(`Sending corrections is not tested: ${reason}`);

describe.skipIf(reason)('sending corrections', () => {
  let folder: string;
  let feedback: Feedback;
  let site: Site;
  let browser: Browser;
  let page: Page;
  let picture: Buffer;
  let requestId: string;
  const kept = () => join(folder, 'kept');
  const keyFile = () => join(folder, 'key');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'feedback-page-'));
    await writeFile(keyFile(), 'ab'.repeat(32));
    feedback = await Feedback.start({ folder: kept(), keyFile: keyFile() });
    site = await serve({ feedback });
    picture = await pagePicture();
    browser = await openBrowser({ viewport: { width: 1280, height: 900 } });
    page = await openPage(browser, site.url);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
    feedback?.close();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    await page.evaluate(() => document.getElementById('announcement')!.replaceChildren());
    const answer = page.waitForResponse((response) => response.url().includes('/v1/predict'));
    await page.setInputFiles('#file', { name: 'page.png', mimeType: 'image/png', buffer: picture });
    requestId = ((await (await answer).json()) as { request_id: string }).request_id;
    await page.locator('#announcement', { hasText: 'Read:' }).waitFor();
    await page.locator('.line').nth(1).click();
  });

  it('is offered once something is corrected, and keeps no picture unless that is allowed', async () => {
    expect(await page.isVisible('#sending')).toBe(false);
    const read = await page.inputValue('#correction');
    await page.fill('#correction', 'a statue of wax');
    expect(await page.isVisible('#sending')).toBe(true);
    expect(await page.isChecked('#consent')).toBe(false);
    expect(await violations(page)).toEqual([]);
    await page.fill('#correction', read);
    expect(await page.isVisible('#sending')).toBe(false);
    await page.fill('#correction', 'a statue of wax');
    await page.click('#send');
    await page.locator('#sending-outcome', { hasText: 'Sent. The picture is not kept.' }).waitFor();
    expect(await page.isVisible('#send')).toBe(false);
    expect(await page.isVisible('#delete-kept')).toBe(false);
    expect(await readdir(kept())).toEqual([]);
  });

  it('keeps the picture with consent, and deletes it when asked to', async () => {
    const first = await page.locator('.line .line-text').first().textContent();
    await page.fill('#correction', 'a statue of wax');
    expect(await page.isChecked('#consent')).toBe(false);
    await page.check('#consent');
    await page.click('#send');
    await page.locator('#sending-outcome', { hasText: 'Sent. The picture is kept.' }).waitFor();
    const [name] = await readdir(kept());
    const id = name.replace('.feedback', '');
    expect(await page.textContent('#sending-outcome')).toContain(id);
    const store = await FeedbackStore.open({ folder: kept(), key: await readKey(keyFile()) });
    const correction = await store.read(id);
    expect(correction).toMatchObject({ requestId, text: `${first}\na statue of wax`, width: 1400, height: 700 });
    const sent = await decodeImage(correction.picture);
    expect(Buffer.from(sent.data).equals((await decodeImage(new Uint8Array(picture))).data)).toBe(true);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect(await violations(page)).toEqual([]);
    await page.click('#delete-kept');
    await page.locator('#sending-outcome', { hasText: 'The picture is deleted.' }).waitFor();
    expect(await readdir(kept())).toEqual([]);
  });

  it('says what to do where the server no longer knows the reading', async () => {
    await page.fill('#correction', 'a statue of wax');
    await new TextRecognizerClient(site.url).correct(requestId, 'x');
    await page.click('#send');
    await page.locator('#sending-outcome', { hasText: 'Read the picture again first.' }).waitFor();
    expect(await page.isEnabled('#send')).toBe(true);
  });

  it('is not offered for what was read on this device', async () => {
    await page.check('input[value=device]');
    await page.locator('#timing', { hasText: 'on this device' }).waitFor();
    await page.locator('.line').nth(1).click();
    await page.fill('#correction', 'a statue of wax');
    expect(await page.isVisible('#sending')).toBe(false);
  });
});
