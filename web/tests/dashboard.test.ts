import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDashboard } from '../../src/experiments/dashboard/create-dashboard.ts';
import { openRunIndex } from '../../src/experiments/tracking/run-index.ts';
import { experimentOf, writeRun } from '../../src/experiments/tracking/testing/write-run.ts';
import { type Browser, chromiumPath, openBrowser } from './browser.ts';
import { violations } from './violations.ts';

const views = ['runs', 'curves', 'differences', 'parameters', 'groups', 'pictures'] as const;
const sizes = [
  { name: 'phone', width: 390, height: 844 },
  { name: 'desk', width: 1440, height: 900 },
];
const built = fileURLToPath(new URL('../dashboard/dist/', import.meta.url));

describe.skipIf(chromiumPath === undefined)('dashboard', () => {
  let app: FastifyInstance;
  let browser: Browser;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    app = await createDashboard(await openRunIndex(someRuns()), built);
    await app.listen({ port: 0, host: '127.0.0.1' });
    url = `http://127.0.0.1:${(app.addresses()[0] as AddressInfo).port}/`;
    browser = await openBrowser();
    page = await browser.context.newPage();
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  const open = async (view: string) => {
    await page.goto(`${url}#${view}`);
    await page.reload();
    await page.locator(`#${view}`).waitFor();
  };

  test.each(sizes)(
    '$name: every view is accessible and as wide as the screen, in light and dark',
    async ({ name, ...size }) => {
      await page.setViewportSize(size);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const view of views) {
          await open(view);
          await page.waitForLoadState('networkidle');
          expect(await violations(page), `${name}, ${view}, ${colorScheme}`).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth), view).toBeLessThanOrEqual(size.width);
        }
      }
    },
  );

  test('sorts by a click on a heading, filters, and shows what is selected', async () => {
    await open('runs');
    const names = () => page.locator('#runs-table tbody th').allTextContents();
    await page.getByRole('button', { name: 'epoch', exact: true }).click();
    await expect.poll(names).toEqual(['sweep/b', 'sweep/a', 'sweep/c']);
    await page.getByLabel('Only runs with').fill('valCer<0.25');
    await page.getByRole('button', { name: 'Filter' }).click();
    await expect.poll(names).toEqual(['sweep/a', 'sweep/c']);
    await page.getByLabel('Select sweep/c').check();
    await page.getByRole('link', { name: 'Curves' }).click();
    await expect.poll(() => page.locator('#legend li').allTextContents()).toEqual(['sweep/c']);
    await page.locator('#charts canvas').first().waitFor();
    await page.getByLabel('Only runs with').fill('nonsense');
    await page.getByRole('link', { name: 'Table' }).click();
    await page.getByRole('button', { name: 'Filter' }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).toContain("'nonsense' is not a condition");
  });

  test('shows the drawings of a run', async () => {
    await page.evaluate(() => sessionStorage.clear());
    await open('pictures');
    await page.locator('#pictured-run').selectOption('sweep/a');
    const drawing = page.getByRole('img', { name: 'curves.svg' });
    await expect.poll(() => drawing.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(40);
    await page.getByRole('link', { name: 'report-test.html' }).waitFor();
  });

  test('shows what was read in each epoch', async () => {
    await page.evaluate(() => sessionStorage.clear());
    await open('pictures');
    await page.locator('#pictured-run').selectOption('sweep/a');
    const readings = () => page.locator('#readings figcaption').allTextContents();
    await expect.poll(readings).toEqual(['✓ cat']);
    const picture = page.getByRole('img', { name: 'Handwriting: cat' });
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
    await page.getByLabel('Epoch').fill('1');
    await expect.poll(readings).toEqual(['✗ cot, not cat']);
  });
});

function someRuns(): string {
  const root = mkdtempSync(join(tmpdir(), 'dashboard-page-'));
  const record = { monitor: { metric: 'valCer', mode: 'min' } };
  const folder = writeRun(root, 'sweep/a', {
    experiment: experimentOf(0.1),
    record,
    epochs: [{ valCer: 0.4 }, { valCer: 0.2 }],
  });
  writeRun(root, 'sweep/b', { experiment: experimentOf(0.2), record, epochs: [{ valCer: 0.3 }] });
  writeRun(root, 'sweep/c', {
    experiment: experimentOf(0.1, 2),
    record,
    epochs: [{ valCer: 0.4 }, { valCer: 0.3 }, { valCer: 0.1 }],
  });
  writeFileSync(join(folder, 'curves.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>');
  writeFileSync(join(folder, 'report-test.html'), '<p>A report');
  mkdirSync(join(folder, 'predictions'));
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNgAAAAAgAB4iG8MwAAAABJRU5ErkJggg==';
  writeFileSync(join(folder, 'predictions', '0.png'), Buffer.from(pixel, 'base64'));
  const lines = [
    { items: [{ image: 'predictions/0.png', text: 'cat' }] },
    { epoch: 1, predicted: ['cot'] },
    { epoch: 2, predicted: ['cat'] },
  ];
  writeFileSync(join(folder, 'predictions.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return root;
}
