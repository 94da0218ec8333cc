import { existsSync, mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulateRequests } from '../../src/bench/monitoring/simulate-requests.ts';
import { hashApiKey } from '../../src/server/http/api-keys.ts';
import { makeReference } from '../../src/server/monitoring/make-reference.ts';
import { Monitor } from '../../src/server/monitoring/monitor.ts';
import { ownReference } from '../../src/server/monitoring/read-reference.ts';
import { formatReference } from '../../src/server/monitoring/reference.ts';
import type { Reading } from '../../src/reading/reading.ts';
import { type RunningServer, runServer } from '../../src/server/testing/run-server.ts';
import { type Browser, chromiumPath, openBrowser } from './browser.ts';
import { violations } from './violations.ts';

const built = fileURLToPath(new URL('../monitor/dist/', import.meta.url));
const isPossible = chromiumPath !== undefined && existsSync(join(built, 'index.html'));
if (!isPossible)
  console.warn('The dashboard of the monitoring is not tested: there is no Chromium, or it is not built.');
const sizes = [
  { name: 'phone', width: 390, height: 844 },
  { name: 'desk', width: 1440, height: 900 },
];
const key = 'a-long-random-key';
const sha256 = 'ab'.repeat(32);
const file = { name: 'model.onnx', bytes: 1, sha256 };

describe.skipIf(!isPossible)('dashboard of the monitoring', () => {
  const folder = mkdtempSync(join(tmpdir(), 'monitor-page-'));
  let server: RunningServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const monitor = await simulatedHours(folder);
    server = await runServer({
      watcher: monitor,
      dashboard: () => monitor.dashboard(),
      dashboardFolder: built,
      apiKeyHashes: [hashApiKey(key)],
    });
    browser = await openBrowser();
    page = await browser.context.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(folder, { recursive: true });
  });

  test('shows nothing before the right key is given, which is kept for this tab alone', async () => {
    await page.goto(`${server.url}/monitor`);
    await page.locator('#problem', { hasText: 'This server needs a key.' }).waitFor();
    expect(page.url()).toBe(`${server.url}/monitor/`);
    expect(await page.isVisible('#answer')).toBe(false);
    expect(await violations(page)).toEqual([]);
    await page.fill('#key', 'another-key');
    await page.keyboard.press('Enter');
    await page.locator('#problem', { hasText: 'does not accept that key' }).waitFor();
    await page.fill('#key', key);
    await page.keyboard.press('Enter');
    await page.locator('#answer').waitFor();
    expect(await page.isVisible('#key-form')).toBe(false);
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('random');
  });

  test('tells of the alarm, the requests it flags, and the signals beyond their thresholds', async () => {
    expect(await page.locator('#status').textContent()).toBe('1 alarm firing');
    const row = page.locator('#alarms tbody tr').first();
    expect(await row.textContent()).toMatch(/not yetsimulatedwarninginverted.*inverted.*request-\d+/);
    expect(await page.locator('.card.beyond figcaption').allTextContents()).toContain('inverted: beyond its threshold');
    const label = await page.locator('#traffic [role=img]').first().getAttribute('aria-label');
    expect(label).toBe('Requests a minute. requests: 0, refused (4xx): 0, failed (5xx): 0');
    expect(await page.locator('#drift .card').count()).toBeGreaterThanOrEqual(20);
    expect(await page.locator('#drift [aria-label^="Distribution of inverted"]').count()).toBe(1);
  });

  test.each(sizes)('$name: is accessible and as wide as the screen, in light and dark', async ({ name, ...size }) => {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.reload();
      await page.locator('#drift .card').first().waitFor();
      expect(await violations(page), `${name}, ${colorScheme}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
      const { MONITOR_SCREENSHOTS: shots } = process.env;
      if (shots) await page.screenshot({ path: join(shots, `${name}-${colorScheme}.png`), fullPage: true });
    }
  });
});

/** Two hours of requests that nobody sent; in the last ten minutes they are inverted. */
async function simulatedHours(folder: string): Promise<Monitor> {
  const options = { modelSha256: sha256, description: 'simulated requests', samples: 100 };
  const data = makeReference(simulateRequests(300, 1), options);
  await writeFile(join(folder, ownReference('simulated')), await formatReference(data));
  let now = Date.UTC(2026, 10, 28, 12);
  const watched = { source: 'mlp', manifest: { name: 'simulated', file } };
  const monitor = await Monitor.start([watched], { waiting: () => 0, folder, now: () => now });
  const reading = { text: 'a-secret' } as Reading;
  const timing = { queueMs: 0, decodeMs: 1, computeMs: 2, batchSize: 1 };
  for (let minute = 0; minute < 120; minute++, now += 60_000) {
    const count = 10 + (minute % 20);
    simulateRequests(count, 2 + minute, { inverted: minute >= 110 }).forEach((measurement, i) => {
      monitor.read({ reading, timing, measurement }, `request-${minute * 100 + i}`);
      monitor.answered('/v1/predict', i === 0 && minute % 30 === 0 ? 413 : 200, 0.05 + 0.005 * i);
    });
  }
  return monitor;
}
