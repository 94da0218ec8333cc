import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser, whyNoBrowser } from './browser.ts';
import { type NetworkNamespace, openNetworkNamespace, whyNoNetworkNamespace } from './network-namespace.ts';
import { type Site, serve } from './serve.ts';
import { violations } from './violations.ts';
import { writeLetter } from './write-letter.ts';

const reason = whyNoBrowser() ?? whyNoNetworkNamespace();
if (reason) console.warn(`The page is not tested over plain HTTP: ${reason}`);

describe.skipIf(reason)('the page over plain HTTP from another machine', () => {
  const errors: string[] = [];
  let lan: NetworkNamespace;
  let site: Site;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    lan = await openNetworkNamespace();
    site = await serve({ address: lan.address });
    browser = await openBrowser({ executablePath: lan.chromium, permissions: [] });
    page = await browser.context.newPage();
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(site.url);
    await page.locator('#model option').first().waitFor({ state: 'attached' });
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
    await lan?.close();
  });

  it('is not in a secure context, and says what that leaves out', async () => {
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    await page.locator('#plain-http', { hasText: 'Browsers allow the camera' }).waitFor();
    expect(await page.textContent('#device-note')).toBe(
      'Nothing leaves this browser. Loads 6 to 23 MB on each visit; offline use needs HTTPS.',
    );
    expect(await page.isVisible('#paste')).toBe(false);
    expect(await page.isVisible('#photograph')).toBe(false);
    expect(await violations(page)).toEqual([]);
  });

  it('reads a letter that is written with the mouse, and copies it', async () => {
    await writeLetter(page, 'L');
    await page.locator('[data-state=shown] .character', { hasText: /^L$/ }).waitFor();
    await page.click('#copy');
    await page.locator('#copy', { hasText: 'Copied' }).waitFor();
    expect(errors).toEqual([]);
  });

  it('reads on the device, too', async () => {
    await page.check('input[value=device]');
    await page.locator('#timing', { hasText: 'on this device' }).waitFor();
    expect(await page.textContent('.character')).toBe('L');
    expect(errors).toEqual([]);
  });
});
