import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const candidates = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where a Chromium is installed, or what the environment variable CHROMIUM names; undefined if there is none. */
export const chromiumPath = candidates.find((path) => path !== undefined && existsSync(path));

const args: readonly string[] = [
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A camera that shows a test picture.
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

/** WebGPU on the processor: slow, and right. */
const SOFTWARE_GPU: readonly string[] = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

type ContextOptions = NonNullable<Parameters<typeof chromium.launchPersistentContext>[1]>;

export interface BrowserOptions extends Omit<ContextOptions, 'args'> {
  /** With WebGPU in software; without it, the browser has none. */
  readonly hasSoftwareGpu?: boolean;
}

export interface Browser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** A new browser with an empty profile of its own. */
export async function openBrowser({ hasSoftwareGpu = false, ...options }: BrowserOptions = {}): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'page-test-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    headless: true,
    args: [...args, ...(hasSoftwareGpu ? SOFTWARE_GPU : ['--disable-gpu'])],
    permissions: ['clipboard-read', 'clipboard-write', 'camera'],
    ...options,
  });
  return {
    context,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** A new page at the address of a site, once its models can be chosen. */
export async function openPage({ context }: Browser, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('#model option').first().waitFor({ state: 'attached' });
  return page;
}

/** Why nothing can be tested in a browser here; undefined where it can. */
export function whyNoBrowser(): string | undefined {
  if (chromiumPath === undefined) return 'there is no Chromium; install one, or name it with the variable CHROMIUM.';
  if (!existsSync(new URL('../dist/index.html', import.meta.url))) return 'it is not built; run `npm run build:web`.';
  return undefined;
}
