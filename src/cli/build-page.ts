import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../scripts/build-page.mjs', import.meta.url));

/** Builds the page if it is missing or older than its sources; the script says so when it cannot, and serving continues. */
export async function buildPage(name: 'page' | 'dashboard' | 'monitor' = 'page'): Promise<void> {
  // An installed package has no sources of the page.
  if (!existsSync(script)) return;
  await once(spawn(process.execPath, [script, name], { stdio: 'inherit' }), 'exit');
}
