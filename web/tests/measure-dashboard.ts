import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { percentile } from '../../src/bench/percentile.ts';
import { createDashboard } from '../../src/experiments/dashboard/create-dashboard.ts';
import { openRunIndex } from '../../src/experiments/tracking/run-index.ts';
import { epochLines, experimentOf, writeRun } from '../../src/experiments/tracking/testing/write-run.ts';
import { openBrowser } from './browser.ts';
import { violations } from './violations.ts';

/*
 * Measures the dashboard over 10,000 runs, one of which has a million rows of metrics: `npm run bench:dashboard`. Prints a line of JSON for
 * the API and for each size of the screen; times are in milliseconds. `longestTaskMs` is how long the page could not answer its user, `longestTaskCpuMs` the same without what other
 * processes took of the time.
 */
const RUNS = 10_000;
const ROWS = 1_000_000;
const TIMES = 20;
const LONG = 'group-000/long';
const sizes = { phone: { width: 390, height: 844 }, desk: { width: 1440, height: 900 } };
const built = fileURLToPath(new URL('../dashboard/dist/', import.meta.url));

const root = await mkdtemp(join(tmpdir(), 'measure-dashboard-'));
try {
  await writeRuns();
  const first = await timed(() => openRunIndex(root));
  const again = await timed(() => openRunIndex(root));
  const app = await createDashboard(again.result, built);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(app.addresses()[0] as AddressInfo).port}/`;
  print({ name: 'index', firstMs: first.ms, againMs: again.ms });
  print({ name: 'api', ...(await measureApi(url)) });
  for (const size of Object.keys(sizes) as (keyof typeof sizes)[])
    print({ name: size, ...(await measurePage(url, size)) });
  await app.close();
} finally {
  await rm(root, { recursive: true, force: true });
}

function print(figures: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ ...figures, load: Math.round(loadavg()[0]) }));
}

/** A hundred groups of a hundred runs, each of three epochs, and one run with many steps. */
async function writeRuns(): Promise<void> {
  const record = {
    monitor: { metric: 'valCer', mode: 'min' },
    ended: { time: '2026-11-28T10:04:00.000Z', state: 'finished' },
  };
  for (let i = 0; i < RUNS - 1; i++) {
    const group = `group-${String(Math.floor(i / 100)).padStart(3, '0')}`;
    const epochs = [0.5, 0.3, 0.2].map((valCer) => ({ valCer: valCer + (i % 997) / 5000, loss: valCer }));
    writeRun(root, `${group}/seed=${i}`, { experiment: experimentOf(0.001 * (1 + (i % 10)), i), record, epochs });
  }
  const folder = writeRun(root, LONG, { experiment: experimentOf(0.01), record });
  await mkdir(folder, { recursive: true });
  const log = await open(join(folder, 'metrics.jsonl'), 'w');
  for (let step = 1; step <= ROWS; step += 10_000) {
    const lines = Array.from({ length: 10_000 }, (_, i) => stepLine(step + i));
    await log.write(lines.join(''));
  }
  await log.write(epochLines({ valCer: 0.1 }, 0));
  await log.close();
}

function stepLine(step: number): string {
  const loss = 4 / Math.sqrt(step) + Math.sin(step * step) / 10;
  return `{"event":"step","time":"2026-11-28T10:01:00.000Z","step":${step},"totalSteps":${ROWS},"epoch":1,"epochs":3,"loss":${loss}}\n`;
}

async function timed<Result>(action: () => Promise<Result>): Promise<{ result: Result; ms: number }> {
  const start = performance.now();
  const result = await action();
  return { result, ms: Math.round(performance.now() - start) };
}

/** Medians, and the longest in brackets. */
async function measureApi(url: string): Promise<Record<string, string>> {
  const columns = 'column=network&column=epoch&column=seconds&column=started&limit=100';
  const paths = {
    listMs: `runs?${columns}`,
    sortedMs: `runs?${columns}&column=valCer&sort=valCer`,
    filteredMs: `runs?${columns}&where=${encodeURIComponent('valCer<0.25')}&sort=seed&descending=true`,
    groupsMs: 'groups',
  };
  const figures: Record<string, string> = {};
  for (const [name, path] of Object.entries(paths)) {
    const times: number[] = [];
    for (let i = 0; i < TIMES; i++) {
      times.push((await timed(async () => await (await fetch(`${url}api/${path}`)).json())).ms);
    }
    figures[name] = shown(times);
  }
  return figures;
}

function shown(times: readonly number[]): string {
  return `${percentile(times, 0.5)} (${Math.max(...times)})`;
}

async function measurePage(url: string, size: keyof typeof sizes): Promise<Record<string, unknown>> {
  const browser = await openBrowser({ viewport: sizes[size], isMobile: size === 'phone', hasTouch: size === 'phone' });
  try {
    const page = await browser.context.newPage();
    const { result: opened, ...whileOpening } = await traced(page, async () => {
      return await timed(async () => {
        await page.goto(`${url}#runs`);
        await page.locator('#runs-table tbody tr').nth(99).waitFor();
      });
    });
    const { result: sorted, ...whileSorting } = await traced(page, async () => {
      const times: number[] = [];
      for (let i = 0; i < TIMES; i++) times.push(await page.evaluate(sortBySeconds));
      return times;
    });
    const inTable = await violations(page);

    await page.evaluate((id) => sessionStorage.setItem('runs-dashboard', JSON.stringify({ selected: [id] })), LONG);
    const { result: drawn, ...whileDrawing } = await traced(page, async () => {
      return await timed(async () => {
        await page.goto(`${url}?#curves`);
        await page.locator('#charts canvas').first().waitFor();
      });
    });
    const { result: zoomed, ...whileZooming } = await traced(page, () => zoom(page));
    const inCurves = await violations(page);
    return {
      table: { ms: opened.ms, ...whileOpening },
      sorted: { ms: shown(sorted), ...whileSorting },
      curves: { ms: drawn.ms, ...whileDrawing },
      zoomed: { ms: zoomed.ms, ...whileZooming },
      violations: inTable.length + inCurves.length,
    };
  } finally {
    await browser.close();
  }
}

/** Until a part of the first chart has come, finer. */
async function zoom(page: Page): Promise<{ ms: number }> {
  const box = (await page.locator('#charts .u-over').first().boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.4, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 50, { steps: 10 });
  const answer = page.waitForResponse((response) => response.url().includes('from='));
  return await timed(async () => {
    await page.mouse.up();
    await answer;
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  });
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Of the clock, and of the processor: microseconds. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** What the page's main thread did meanwhile: its longest task by the clock, and by the processor, which other work does not lengthen. */
async function traced<Result>(
  page: Page,
  action: () => Promise<Result>,
): Promise<{ result: Result; longestTaskMs: number; longestTaskCpuMs: number }> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const traceConfig = { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline'] };
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
  const result = await action();
  const isComplete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()));
  await session.send('Tracing.end');
  await isComplete;
  await session.detach();
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const isMain = ({ name, args }: TraceEvent) => name === 'thread_name' && args?.name === 'CrRendererMain';
  const main = new Set(events.filter(isMain).map(threadOf));
  const tasks = events.filter((event) => event.name.endsWith('RunTask') && main.has(threadOf(event)));
  const longest = (of: 'dur' | 'tdur') => Math.round(Math.max(...tasks.map((task) => task[of] ?? 0)) / 1000);
  return { result, longestTaskMs: longest('dur'), longestTaskCpuMs: longest('tdur') };
}

/** In the page: from the click on a heading until the table in the other order is painted. */
async function sortBySeconds(): Promise<number> {
  const table = document.querySelector('#runs-table')!;
  const start = performance.now();
  const isChanged = new Promise<void>((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      resolve();
    });
    observer.observe(table, { childList: true });
  });
  document.querySelector<HTMLButtonElement>('#sort-seconds')!.click();
  await isChanged;
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return Math.round(performance.now() - start);
}
