#!/usr/bin/env node
// The command line as an installed package runs it: compiled, or from the sources where nothing was built.
import { existsSync } from 'node:fs';
import module from 'node:module';

// Compiled code is kept between runs, where Node can (22.8 and later): the next one starts faster.
module.enableCompileCache?.();
const compiled = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(compiled)) await import(compiled.href);
else {
  // Node 22.18 and later run TypeScript by themselves.
  if (!process.features.typescript) (await import('tsx/esm/api')).register();
  await import(new URL('../src/cli/main.ts', import.meta.url).href);
}
