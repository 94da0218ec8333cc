import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashApiKey } from '../../src/server/http/api-keys.ts';
import { type Browser, openBrowser, openPage, whyNoBrowser } from './browser.ts';
import { type Site, serve } from './serve.ts';
import { violations } from './violations.ts';
import { writeLetter } from './write-letter.ts';

const reason = whyNoBrowser();
if (reason) console.warn(`Keys are not tested on the page: ${reason}`);

describe.skipIf(reason)('a server that asks for a key', () => {
  let site: Site;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    site = await serve({ apiKeyHashes: [hashApiKey('a-long-random-key')] });
    browser = await openBrowser();
    page = await openPage(browser, site.url);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it('has the page ask for it, and say when it is wrong', async () => {
    const problem = page.locator('#problem');
    await page.locator('#api-key').waitFor();
    await writeLetter(page, 'L');
    await problem.filter({ hasText: 'needs a key; enter it below' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.fill('#api-key', 'another-key');
    await page.keyboard.press('Enter');
    await problem.filter({ hasText: 'does not accept that key' }).waitFor();
  });

  it('reads with the right one, which is kept for this tab alone', async () => {
    await page.fill('#api-key', 'a-long-random-key');
    await page.keyboard.press('Enter');
    await page.locator('[data-state=shown] .character', { hasText: /^L$/ }).waitFor();
    expect(await page.isVisible('#problem')).toBe(false);
    await page.reload();
    await page.locator('#model option').first().waitFor({ state: 'attached' });
    await writeLetter(page, 'T');
    await page.locator('[data-state=shown] .character', { hasText: /^T$/ }).waitFor();
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('random');
    const other = await browser.context.newPage();
    await other.goto(site.url);
    await other.locator('#api-key').waitFor();
    expect(await other.inputValue('#api-key')).toBe('');
  });

  it('is not asked where it is not needed: on the device', async () => {
    await page.evaluate(() => sessionStorage.clear());
    await page.reload();
    await page.check('input[value=device]');
    await writeLetter(page, 'L');
    await page.locator('#timing', { hasText: 'on this device' }).waitFor();
  });
});
