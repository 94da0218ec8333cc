import { openBrowser } from './browser.ts';

/** Why WebGPU, in software, cannot be tested in this browser; undefined where it can. */
export async function whyNoWebGpu(): Promise<string | undefined> {
  const browser = await openBrowser({ hasSoftwareGpu: true });
  try {
    const page = await browser.context.newPage();
    // Browsers have WebGPU on https and localhost alone; nothing needs to answer there.
    await page.route('http://localhost/', (route) => route.fulfill({ body: '' }));
    await page.goto('http://localhost/');
    const hasAdapter = await page.evaluate(async () => {
      const { gpu } = navigator as { readonly gpu?: GPU };
      return Boolean(await gpu?.requestAdapter());
    });
    return hasAdapter ? undefined : 'this Chromium has no WebGPU adapter in software.';
  } finally {
    await browser.close();
  }
}
