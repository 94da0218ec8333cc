/* node scripts/run.mjs scripts/write-drill-table.ts REPORT: puts what `monitor drill --json` printed, and its table, into the documentation. */
import { readFile, writeFile } from 'node:fs/promises';
import { type DrillReport, drillTable } from '../src/cli/monitoring/drill-table.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Give the file with the JSON of `monitor drill --json`.');
const report = JSON.parse(await readFile(file, 'utf8')) as DrillReport;
const page = 'docs/monitoring.md';
const text = await readFile(page, 'utf8');
const place = /(?<=<!-- table of the drill -->\n)[^]*?(?=<!-- end of the table -->)/;
if (!place.test(text)) throw new Error(`${page} has no place for the table of the drill.`);
await writeFile(
  page,
  text.replace(place, () => `\n${drillTable(report)}\n\n`),
);
await writeFile('docs/monitoring-drill.json', `${JSON.stringify(report, null, 2)}\n`);
