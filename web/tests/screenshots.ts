import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser, openPage } from './browser.ts';
import { linePicture } from './line-picture.ts';
import { saveLineTestModel } from './line-test-model.ts';
import { serve } from './serve.ts';
import { writeLetter } from './write-letter.ts';

/*
 * Takes pictures of the page, empty, with a letter, with pictures of a letter and of a line, which the device reads at
 * last, at phone and desk size, light and dark: `npx tsx tests/screenshots.ts FOLDER [LINE-MODEL]`. Without the folder of a line model, the line is
 * read by one that has learned nothing.
 */
const folder = process.argv[2] ?? 'screenshots';
const sizes = { phone: { width: 375, height: 812 }, desk: { width: 1280, height: 860 } };
const picture = fileURLToPath(new URL('../../data/emnist-sample/images/lower-g.png', import.meta.url));

await mkdir(folder, { recursive: true });
const site = await serve({ lineModel: process.argv[3] ?? (await saveLineTestModel()) });
const line = { name: 'line.png', mimeType: 'image/png', buffer: await linePicture() };
for (const [name, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const isPhone = name === 'phone';
    const browser = await openBrowser({
      viewport,
      colorScheme,
      deviceScaleFactor: 2,
      hasTouch: isPhone,
      isMobile: isPhone,
    });
    const page = await openPage(browser, site.url);
    const shoot = (what: string) =>
      page.screenshot({ path: join(folder, `${name}-${colorScheme}-${what}.png`), fullPage: true });
    await shoot('empty');
    await writeLetter(page, 'L');
    await page.waitForSelector('[data-state=shown]');
    await page.hover('.character');
    await shoot('letter');
    await page.setInputFiles('#file', picture);
    await page.waitForTimeout(1500);
    await shoot('picture');
    await page.setInputFiles('#file', line);
    await page.locator('.character').nth(9).hover();
    await shoot('line');
    await page.selectOption('#decoder', 'beam');
    await page.waitForSelector('.readings');
    await shoot('line-beam');
    await page.check('input[value=device]');
    await page.locator('#timing', { hasText: 'on this device' }).waitFor();
    await shoot('device');
    await browser.close();
  }
}
await site.close();
