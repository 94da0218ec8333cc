import * as source from '../../src/runtime/module-to-run.ts';

const folder = new URL('../../', import.meta.url).href;

/**
 * Stands for `moduleToRun` in tests: threads and processes that tests start run what `compile-sources.ts` has compiled, which costs
 * a third to a half of what TypeScript does. Modules for tests alone, in folders `testing/`, run as they are.
 */
export function moduleToRun(url: URL): source.ModuleToRun {
  if (!url.href.startsWith(`${folder}src/`) || url.href.includes('/testing/')) return source.moduleToRun(url);
  return {
    url: new URL(url.href.replace(`${folder}src/`, `${folder}.compiled/`).replace(/\.ts$/, '.js')),
    needsTsx: false,
  };
}
