/* Writes dashboard.json beside this file: `node scripts/run.mjs infra/grafana/make-dashboard.ts`. */
import { writeFileSync } from 'node:fs';
import { dashboard } from './dashboard.ts';

writeFileSync(new URL('./dashboard.json', import.meta.url), `${JSON.stringify(dashboard(), null, 2)}\n`);
